# SPDX-License-Identifier: LGPL-2.1-or-later
"""Drives a headless Chromium over the pipe of its DevTools protocol. Only the standard library."""
import base64
import json
import os
import subprocess
import tempfile
import time

PATIENCE = 60


class Browser:
    """One browser with one page; events gather until they are asked for."""

    def __init__(self, program):
        self.folder = tempfile.TemporaryDirectory(prefix="qrx-chromium-")
        inward, self.write_end = os.pipe()
        self.read_end, outward = os.pipe()

        def settle():
            # The protocol's pipes are descriptors 3 and 4; the copies keep one from closing the other.
            first, second = os.dup(inward), os.dup(outward)
            os.dup2(first, 3)
            os.dup2(second, 4)

        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
             "--no-first-run", "--remote-debugging-pipe", f"--user-data-dir={self.folder.name}", "about:blank"],
            preexec_fn=settle, close_fds=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(inward)
        os.close(outward)
        self.buffer = b""
        self.last_id = 0
        self.events = []
        self.session = None
        pages = [one for one in self.call("Target.getTargets")["targetInfos"] if one["type"] == "page"]
        self.session = self.call("Target.attachToTarget", targetId=pages[0]["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log", "Accessibility"):
            self.call(f"{domain}.enable")

    def receive(self):
        while b"\0" not in self.buffer:
            data = os.read(self.read_end, 1 << 20)
            if not data:
                raise EOFError("the browser has ended")
            self.buffer += data
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **parameters):
        self.last_id += 1
        message = {"id": self.last_id, "method": method, "params": parameters}
        if self.session is not None:
            message["sessionId"] = self.session
        os.write(self.write_end, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.last_id:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def evaluate(self, expression):
        """The value of an expression in the page, promises awaited."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"])
        return answer["result"].get("value")

    def wait_for(self, expression):
        end = time.monotonic() + PATIENCE
        while not self.evaluate(expression):
            if time.monotonic() > end:
                raise TimeoutError(expression)
            time.sleep(0.05)

    def open(self, address, width=1200, height=900):
        self.resize(width, height)
        self.call("Page.navigate", url=address)
        self.wait_for("document.readyState === 'complete' && document.querySelectorAll('figure svg').length > 0")

    def resize(self, width, height=900):
        """Gives the page another size, and waits for what is drawn anew: a frame notices, the next one shows it."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))")

    def emulate(self, media="", **features):
        """A medium ("print") and preferences: prefers_color_scheme="dark"."""
        self.call("Emulation.setEmulatedMedia", media=media,
                  features=[{"name": name.replace("_", "-"), "value": value} for name, value in features.items()])

    def press(self, key):
        code = {"Tab": 9, "Enter": 13, "Space": 32}[key]
        text = {"Space": " ", "Enter": "\r"}.get(key, "")
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=text or key, code=key, windowsVirtualKeyCode=code,
                      text=text if kind == "keyDown" else "")

    def screenshot(self, path, width):
        height = self.evaluate("document.documentElement.scrollHeight")
        answer = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True,
                           clip={"x": 0, "y": 0, "width": width, "height": height, "scale": 1})
        with open(path, "wb") as file:
            file.write(base64.b64decode(answer["data"]))

    def print_pdf(self):
        return base64.b64decode(self.call("Page.printToPDF", printBackground=True)["data"])

    def complaints(self):
        """What went to the console, and exceptions."""
        return [event for event in self.events
                if event["method"] in ("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded")]

    def requests(self):
        return [event["params"]["request"]["url"] for event in self.events if event["method"] == "Network.requestWillBeSent"]

    def close(self):
        self.session = None
        self.call("Browser.close")
        self.process.wait(PATIENCE)
        os.close(self.write_end)
        os.close(self.read_end)
        self.folder.cleanup()
