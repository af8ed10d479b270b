"""Generate clients from build/openapi.json: packages for Python and TypeScript, and sources for others.

`make sdk` runs this with the tools of clients/ on the path, and leaves all of it in build/sdk/.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
HERE = ROOT / "clients"
DOCUMENT = ROOT / "build" / "openapi.json"
SDK = ROOT / "build" / "sdk"
JAVA_OPTIONS = {
    "openApiNullable": "false",
    "hideGenerationTimestamp": "true",
    "invokerPackage": "airounds",
    "apiPackage": "airounds.api",
    "modelPackage": "airounds.model",
}


def python(document: Mapping[str, Any]) -> None:
    """Package the client of openapi-python-client as a wheel."""
    given = SDK / "python.json"
    given.write_text(json.dumps(_typed(document)), encoding="utf-8")
    config = HERE / "openapi-python-client.yaml"
    folder = SDK / "python"
    command = f"openapi-python-client generate --path {given} --config {config} --meta uv"
    _run(f"{command} --output-path {folder} --overwrite --fail-on-warning")
    _run(f"uv build --quiet --offline --wheel --out-dir {SDK} {folder}")


def _typed(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document with what openapi-python-client has no type but Any for left out.

    That is the answer 304, which has no content, and what later versions may add to an object. The
    client takes both as they come: without a result, and without those fields.
    """
    typed: dict[str, Any] = json.loads(json.dumps(document))
    for path in typed["paths"].values():
        for operation in path.values():
            del operation["responses"]["304"]
    for schema in typed["components"]["schemas"].values():
        if schema["type"] == "object":
            schema["additionalProperties"] = False
    return typed


def typescript(document: Mapping[str, Any]) -> None:
    """Package the client of openapi-ts as npm packs it."""
    folder = SDK / "typescript"
    _run(f"openapi-ts --file {HERE / 'openapi-ts.config.mjs'} --silent")
    package = {
        "name": "airounds-client",
        "version": document["info"]["version"],
        "description": "Client of airounds, generated from its OpenAPI document",
        "license": document["info"]["license"]["identifier"],
        "type": "module",
        "exports": {".": {"types": "./dist/index.d.ts", "default": "./dist/index.js"}},
        "files": ["dist"],
    }
    (folder / "package.json").write_text(json.dumps(package, indent=2), encoding="utf-8")
    settings = {
        "extends": str(HERE / "tsconfig.json"),
        "compilerOptions": {"rootDir": "src", "outDir": "dist"},
        "include": ["src"],
    }
    (folder / "tsconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    _run(f"tsc --project {folder}")
    _run(f"npm pack --silent --pack-destination {SDK} {folder}")


def orval(_: Mapping[str, Any]) -> None:
    """Generate the client of orval, and compile it."""
    folder = SDK / "orval"
    _run(
        f"orval --input {DOCUMENT} --output {folder / 'airounds.ts'} --client fetch --log-level warn"
    )
    settings = {"extends": str(HERE / "tsconfig.json"), "compilerOptions": {"outDir": "dist"}}
    (folder / "tsconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    _run(f"tsc --project {folder}")


def java(_: Mapping[str, Any]) -> None:
    """Generate the Java client of openapi-generator, and compile it where there is a compiler.

    What it needs at run time, Jackson, lies in the generator's own archive.
    """
    folder = SDK / "java"
    options = ",".join(f"{name}={value}" for name, value in JAVA_OPTIONS.items())
    command = f"openapi-generator-cli generate -g java --library native -i {DOCUMENT} -o {folder}"
    _run(f"{command} --additional-properties={options}", quiet=True)
    if shutil.which("javac") is None:
        print("NOT COMPILED: the Java client, since this machine has no javac")
        return
    package = find_spec("openapi_generator_cli")
    assert package is not None
    assert package.origin is not None
    archive = Path(package.origin).with_name("openapi-generator.jar")
    sources = [*(folder / "src" / "main").rglob("*.java"), *(HERE / "java").rglob("*.java")]
    names = " ".join(map(str, sources))
    _run(f"javac -nowarn -proc:none -cp {archive} -d {folder / 'classes'} {names}", quiet=True)


def _run(command: str, *, quiet: bool = False) -> None:
    """Run a tool on the path; what it says when all is well can be left out."""
    ran = subprocess.run(command.split(), cwd=ROOT, capture_output=quiet, check=False, text=True)
    if ran.returncode:
        sys.exit(f"{ran.stdout or ''}{ran.stderr or ''}failed: {command[:200]}")


GENERATORS: Mapping[str, Callable[[Mapping[str, Any]], None]] = {
    "python": python,
    "typescript": typescript,
    "orval": orval,
    "java": java,
}


def main() -> None:
    """Generate everything anew."""
    document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    shutil.rmtree(SDK, ignore_errors=True)
    for name, generate in GENERATORS.items():
        (SDK / name).mkdir(parents=True)
        generate(document)
        print(f"build/sdk/{name}: generated", flush=True)


if __name__ == "__main__":
    main()
