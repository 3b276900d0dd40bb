"""Engines that several tests share, each loaded once, and memories on a file of each test's own."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from service.settings import Settings, data_directory
from service.translation import catalog, convert
from service.translation.ctranslate2 import CTranslate2Engine
from service.translation.engine import Engine
from service.translation.fake import FakeEngine
from service.translation.load import load
from tests.translation.remembered import Opened, opening

MODELS = data_directory("models")
EMBEDDED = catalog.load(MODELS).get("tolmach-mini")

SENTENCES = {
    "ro": (
        "Primarul a anunțat marți că podul va fi închis trei luni.",
        "Peste 1.200 de elevi au participat la concurs.",
        "Prețul apei crește cu 4,5% de la 1 iulie.",
        "Ploile au inundat zece sate din nordul județului.",
    ),
    "it": (
        "Il sindaco ha annunciato martedì che il ponte resterà chiuso per tre mesi.",
        "Oltre 1.200 studenti hanno partecipato al concorso.",
        "Il prezzo dell'acqua aumenta del 4,5% dal 1° luglio.",
        "Le piogge hanno allagato dieci paesi nel nord della provincia.",
    ),
    "uk": (
        "Мер оголосив у вівторок, що міст закриють на три місяці.",
        "Понад 1200 учнів узяли участь у конкурсі.",
        "Ціна на воду зросте на 4,5% з 1 липня.",
        "Дощі затопили десять сіл на півночі області.",
    ),
}


def split_up(folder: Path, languages: Mapping[str, str]) -> None:
    """Models in `folder`, each of one language only: the embedded one, by the ids that `languages` gives."""
    own = catalog.read(MODELS).get(EMBEDDED.id)
    blocks = []
    for name, language in languages.items():
        (folder / name).symlink_to(MODELS / EMBEDDED.id)
        entry = own.model_copy(update={"id": name, "languages": {language: own.languages[language]}})
        blocks.append(catalog.replace_entry(f'[[model]]\nid = "{name}"\n', entry))
    (folder / catalog.FILE_NAME).write_text("\n\n".join(blocks))


@pytest.fixture(scope="session")
def ctranslate2_engine() -> Iterator[Engine]:
    engine = load(Settings(engine="ctranslate2"))
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def transformers_engine() -> Iterator[Engine]:
    engine = load(Settings(engine="transformers"))
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def float32_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The embedded model in CTranslate2 without quantisation and without a shortlist."""
    folder: Path = tmp_path_factory.mktemp("float32")
    (folder / "hf").symlink_to(MODELS / EMBEDDED.id / "hf")
    assert EMBEDDED.build is not None
    convert.to_ctranslate2(folder / "hf", folder / EMBEDDED.build, "float32")
    engine = CTranslate2Engine(EMBEDDED, folder, shortlist=False)
    yield engine
    engine.close()


@pytest.fixture(params=["ctranslate2", "transformers", "fake"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine in turn."""
    if request.param == "fake":
        return FakeEngine(answers=lambda sentence, _: [f"{sentence} {number}" for number in range(8)])
    shared: Engine = request.getfixturevalue(f"{request.param}_engine")
    return shared


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The file of a store, which is not there yet."""
    return tmp_path / "memory.db"


@pytest.fixture
def opened(path: Path) -> Iterator[Opened]:
    """Opens memories on that file, each as a process of its own would."""
    with opening(path) as open_one:
        yield open_one
