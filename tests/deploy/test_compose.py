"""The deployment for many assemblies, as far as it can be checked without starting it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
COMPOSE = ROOT / "docker-compose.yml"
ONE_SHOT = {"migrate"}


@pytest.fixture(scope="module")
def services():
    """Return the services, anchors and merges resolved."""
    return yaml.safe_load(COMPOSE.read_text())["services"]


def images():
    """Return every image that is fetched: of the services and of the Dockerfile's stages."""
    services = yaml.safe_load(COMPOSE.read_text())["services"].values()
    fetched = {service["image"] for service in services if "build" not in service}
    return fetched | set(re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.M))


def has_docker_compose():
    """Tell whether docker's own opinion can be had."""
    asked = ["docker", "compose", "version"]
    return (
        bool(shutil.which("docker")) and not subprocess.run(asked, capture_output=True).returncode
    )


def docker_compose_reads_it():
    """Assert that docker compose finds nothing wrong either."""
    filled = {"ASSEMBLY_HOST": "localhost", "SECRET_KEY": "x", "POSTGRES_PASSWORD": "y"}
    checked = subprocess.run(
        ["docker", "compose", "--file", COMPOSE, "config", "--quiet"],
        env={**os.environ, **filled},
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stderr


def test_it_follows_the_compose_specification():
    checked = subprocess.run(
        [
            sys.executable,
            "-m",
            "check_jsonschema",
            "--builtin-schema",
            "vendor.compose-spec",
            COMPOSE,
        ],
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    if has_docker_compose():
        docker_compose_reads_it()


@pytest.mark.parametrize("image", sorted(images()))
def test_each_image_is_pinned_by_its_version(image):
    assert re.search(r":\d+\.\d+(\.\d+)?(-[\w.-]+)?$", image), image


def test_web_can_be_scaled(services):
    assert not {"container_name", "ports"} & set(services["web"])
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]


def test_everything_that_stays_says_how_it_is(services):
    assert {name for name, service in services.items() if "healthcheck" not in service} == ONE_SHOT


def test_nothing_starts_before_the_database_is_up_to_date(services):
    for name in ("web", "worker", "beat"):
        needed = services[name]["depends_on"]
        assert needed["migrate"]["condition"] == "service_completed_successfully"
    assert services["migrate"]["depends_on"]["postgres"]["condition"] == "service_healthy"
    assert services["migrate"]["restart"] == "no"


def test_data_lives_in_named_volumes(services):
    declared = yaml.safe_load(COMPOSE.read_text())["volumes"]
    mounted = [volume for service in services.values() for volume in service.get("volumes", [])]
    sources = {volume.partition(":")[0] for volume in mounted}
    assert {source for source in sources if not source.startswith("./")} == set(declared)
    assert all((ROOT / source).exists() for source in sources if source.startswith("./"))


def test_redis_writes_nothing_to_disk(services):
    command = services["redis"]["command"]
    assert command[command.index("--save") + 1] == ""
    assert command[command.index("--appendonly") + 1] == "no"


def test_databases_cannot_be_reached_from_outside(services):
    networks = yaml.safe_load(COMPOSE.read_text())["networks"]
    assert networks["inside"]["internal"] is True
    for name in ("postgres", "redis"):
        assert services[name]["networks"] == ["inside"]


def test_every_variable_to_fill_in_stands_in_the_example():
    used = set(re.findall(r"(?<!\$)\$\{(\w+)", COMPOSE.read_text()))
    offered = set(re.findall(r"^(\w+)=", (ROOT / ".env.example").read_text(), re.M))
    assert used == offered


def test_no_secret_has_a_default():
    text = COMPOSE.read_text()
    for secret in ("SECRET_KEY", "POSTGRES_PASSWORD"):
        assert f"{secret}:-" not in text
        assert re.search(rf"^{secret}=$", (ROOT / ".env.example").read_text(), re.M)


def test_the_proxy_knocks_where_web_listens():
    assert "name web" in (ROOT / "deploy/Caddyfile").read_text()
    ports = re.findall(r'"--port", "(\d+)"', (ROOT / "Dockerfile").read_text())
    ports += re.findall(r"^\s+port (\d+)", (ROOT / "deploy/Caddyfile").read_text(), re.M)
    ports += re.findall(r'"127.0.0.1", (\d+)', (ROOT / "deploy/healthy.py").read_text())
    assert ports == ["8000"] * 3
