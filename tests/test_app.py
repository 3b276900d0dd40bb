"""The service with its embedded model: ready soon, sane, and without torch."""

import subprocess
import sys

from fastapi.testclient import TestClient

from service.app import create_app
from service.settings import Settings

TEXT = {"Content-Type": "text/plain"}


def test_the_embedded_model_does_the_main_job() -> None:
    text = "În 2024, Coreea de Nord a trimis aproximativ 10.000 de soldați. Guvernul a alocat 40% din buget."
    with TestClient(create_app(Settings())) as client:
        assert client.get("/health/ready").status_code == 200
        report = client.post("/v1/articles", content=text.encode(), headers=TEXT).json()
    assert report["model"]["id"] == "tolmach-mini"
    assert "soldiers" in report["translation"]["text"]
    verdicts = {figure["source"]["text"]: figure["check"] for figure in report["figures"] if figure["source"]}
    assert set(verdicts) == {"2024", "10.000", "40%"}


def test_the_default_engine_never_imports_torch() -> None:
    code = (
        "import sys\n"
        "from fastapi.testclient import TestClient\n"
        "from service.app import create_app\n"
        "with TestClient(create_app()) as client:\n"
        "    reply = client.post('/v1/articles', json={'text': 'Guvernul a adoptat bugetul pentru anul viitor.'})\n"
        "    assert reply.status_code == 200, reply.text\n"
        "print([m for m in ('torch', 'transformers') if m in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
