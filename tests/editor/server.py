"""A language server for YAML over standard input and output, as an editor talks to one."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

Message = dict[str, Any]


class Server:
    """Starts the server, opens documents in it and asks; `close` ends it."""

    def __init__(self, command: list[str], root: Path) -> None:
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe)
        self.number = 0
        self.said: list[Message] = []
        folder = {"uri": root.as_uri(), "name": "rules"}
        document: Message = {
            "publishDiagnostics": {},
            "completion": {"completionItem": {}},
            "hover": {},
        }
        started = {
            "processId": None,
            "rootUri": root.as_uri(),
            "workspaceFolders": [folder],
            "capabilities": {"textDocument": document, "workspace": {"configuration": True}},
        }
        self.ask("initialize", started)
        self.tell("initialized", {})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()

    def open(self, path: Path) -> str:
        """Open a file and return its address."""
        uri = path.as_uri()
        text = path.read_text("utf-8")
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": document})
        return uri

    def underlined(self, uri: str) -> list[Message]:
        """Return what the server underlines in a document; waits until it says."""
        return self.underlined_each([uri])[uri]

    def underlined_each(self, uris: Sequence[str]) -> dict[str, list[Message]]:
        """Return what the server underlines in several documents, whichever it tells of first."""
        found: dict[str, list[Message]] = {}

        def about(said: Message) -> bool:
            published = said.get("method") == "textDocument/publishDiagnostics"
            return published and said["params"]["uri"] in uris

        while len(found) < len(uris):
            told = self._until(about)["params"]
            found[told["uri"]] = told["diagnostics"]
        return found

    def completed(self, uri: str, line: int, column: int) -> list[Message]:
        """Return what the server offers at a place, which counts from 1."""
        place = {"line": line - 1, "character": column - 1}
        asked = {"textDocument": {"uri": uri}, "position": place}
        answer = self.ask("textDocument/completion", asked)
        items: list[Message] = answer["items"] if isinstance(answer, dict) else answer
        return items

    def hovered(self, uri: str, line: int, column: int) -> str:
        """Return what the server says of the word at a place, which counts from 1."""
        place = {"line": line - 1, "character": column - 1}
        answer = self.ask("textDocument/hover", {"textDocument": {"uri": uri}, "position": place})
        return str(answer["contents"]["value"]) if answer else ""

    def ask(self, method: str, params: Message) -> Any:  # noqa: ANN401 - whatever it answers
        """Send a request and return the answer."""
        self.number += 1
        number = self.number
        self._send({"id": number, "method": method, "params": params})
        return self._until(lambda said: said.get("id") == number and "method" not in said)["result"]

    def tell(self, method: str, params: Message) -> None:
        """Send what needs no answer."""
        self._send({"method": method, "params": params})

    def _until(self, wanted: Any) -> Message:  # noqa: ANN401 - a test of a message
        while True:
            said = self._read()
            if "method" in said and "id" in said:
                self._answer(said)
            elif wanted(said):
                return said

    def _answer(self, asked: Message) -> None:
        """Answer what the server asks of the editor: its settings."""
        settings: Any = None
        if asked["method"] == "workspace/configuration":
            yaml = {
                "validate": True,
                "completion": True,
                "hover": True,
                "schemaStore": {"enable": False},
            }
            known = {"yaml": yaml, "http": {}, "[yaml]": {}, "editor": {}, "files": {}}
            settings = [known.get(item["section"]) for item in asked["params"]["items"]]
        self._send({"id": asked["id"], "result": settings})

    def _send(self, message: Message) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
        self.process.stdin.flush()

    def _read(self) -> Message:
        assert self.process.stdout is not None
        length = 0
        while line := self.process.stdout.readline().strip():
            name, _, value = line.decode().partition(": ")
            if name.lower() == "content-length":
                length = int(value)
        if not length:
            raise EOFError("the language server has ended")
        message: Message = json.loads(self.process.stdout.read(length))
        return message
