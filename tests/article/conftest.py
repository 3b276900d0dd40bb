import pytest
from hypothesis import settings

from service.article.language import warm

# Wall-clock deadlines of single examples say more of the machine than of the code.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(autouse=True, scope="session")
def _identifier() -> None:
    warm()
