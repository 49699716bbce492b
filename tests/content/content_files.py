"""Policies, folders and archives for the tests of `redoubt content`, and the program itself."""

import io
import json
import os
import subprocess
import tarfile
import zipfile

BINARY = os.environ["REDOUBT_BINARY"]
NOW = "2026-01-31T12:00:00Z"
DEFINITIONS = "/providers/Microsoft.Authorization/policyDefinitions/"
SETS = "/providers/Microsoft.Authorization/policySetDefinitions/"


def run(*words, cwd, timeout=60):
    return subprocess.run(
        [BINARY, *words], cwd=cwd, capture_output=True, text=True, timeout=timeout, check=False
    )


def guid(number):
    return f"{number:08x}-0000-4000-8000-000000000000"


def definition(number, version="1.0.0", effect="audit"):
    return {
        "id": DEFINITIONS + guid(number),
        "name": guid(number),
        "properties": {
            "displayName": f"Rule {number}",
            "mode": "All",
            "version": version,
            "policyRule": {
                "if": {"allOf": [{"field": "type", "equals": "Microsoft.Storage/storageAccounts"},
                                 {"field": "name", "notEquals": f"x{number}"}]},
                "then": {"effect": effect},
            },
        },
    }


def initiative(name, numbers, display_name=None):
    return {
        "id": SETS + name,
        "name": name,
        "properties": {
            "displayName": display_name or f"Set {name}",
            "policyDefinitions": [{"policyDefinitionId": DEFINITIONS + guid(n)} for n in numbers],
        },
    }


def repository(count=20, version="1.0.0"):
    """Path -> text, as a clone of Azure/azure-policy has it, with things that are not taken."""
    root = "built-in-policies/"
    files = {f"{root}policyDefinitions/Storage/rule{n}.json": json.dumps(definition(n, version), indent=2)
             for n in range(count)}
    files[f"{root}policyDefinitions/Azure Government/Storage/rule0.json"] = json.dumps(definition(0, "9.0.0"))
    files[f"{root}policySetDefinitions/Storage/all.json"] = json.dumps(initiative("all", range(count), "All rules"))
    files["samples/rule0.json"] = json.dumps(definition(0, "7.0.0"))
    files["README.md"] = "# Policies\n"
    files[".github/settings.json"] = "{}"
    return files


def write_folder(folder, files):
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


def tar_gz(files, top="repo-1", extra=()):
    """The bytes of a .tar.gz; `extra` are TarInfo objects, or pairs of one and its bytes."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", format=tarfile.PAX_FORMAT) as archive:
        for path, text in files.items():
            info = tarfile.TarInfo(f"{top}/{path}" if top else path)
            data = text.encode()
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        for one in extra:
            info, data = one if isinstance(one, tuple) else (one, None)
            archive.addfile(info, io.BytesIO(data) if data is not None else None)
    return out.getvalue()


def zip_bytes(files, top="repo-1", extra=(), compression=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for path, text in files.items():
            archive.writestr(f"{top}/{path}" if top else path, text)
        for info, data in extra:
            archive.writestr(info, data, compression)
    return out.getvalue()


def tree(folder):
    """Every path below a folder with its content; the lock is no content."""
    return {str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob("*")) if path.is_file() and path.name != ".lock"}
