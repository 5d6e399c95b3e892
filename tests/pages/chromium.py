"""One real browser, and what a page in it did that it should not have done."""

from __future__ import annotations

from contextlib import contextmanager

from playwright.sync_api import sync_playwright

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


STEP_MS = 20_000
"""No step in a browser may take longer: what hangs is named by its error and its line."""


class Windows:
    """Windows of one browser by language and script: opening one anew costs more than the page in it."""

    def __init__(self, browser):
        self.browser, self.contexts = browser, {}

    def new_page(self, size, locale, script):
        context = self.contexts.get((locale, script))
        if context is None:
            context = self.browser.new_context(
                locale=locale, java_script_enabled=script, offline=True, reduced_motion="reduce"
            )
            self.contexts[locale, script] = context
        page = context.new_page()
        page.set_viewport_size({"width": size[0], "height": size[1]})
        return page


class Reader:
    """Opens pages from disk in a browser without a network."""

    def __init__(self, windows, folder):
        self.windows, self.folder, self.pages, self.misdeeds, self.count = windows, folder, [], [], 0

    def open(
        self,
        page: bytes,
        fragment="",
        *,
        size=(1280, 800),
        locale="zh-CN",
        script=True,
        ready=True,
        before="",
    ):
        """Return the page after it is ready; misdeeds are gathered from the start."""
        self.count += 1
        path = self.folder / f"page{self.count}.html"
        path.write_bytes(page)
        opened = self.windows.new_page(size, locale, script)
        self.pages.append(opened)
        if before:
            opened.add_init_script(before)
        requests = []
        opened.on("request", lambda r: requests.append(r.url))
        opened.on(
            "console", lambda m: self.misdeeds.append(m.text) if m.type in ("error", "warning") else None
        )
        opened.on("pageerror", lambda error: self.misdeeds.append(str(error)))
        opened.on("dialog", lambda d: (self.misdeeds.append(f"dialog {d.message}"), d.dismiss()))
        opened.requests = requests
        opened.set_default_timeout(STEP_MS)
        opened.set_default_navigation_timeout(STEP_MS)
        opened.goto(path.as_uri() + fragment, wait_until="commit")
        if script and ready:
            opened.wait_for_selector("html[data-ready=yes]", timeout=STEP_MS)
        else:
            opened.wait_for_load_state()
        return opened

    def close(self):
        for page in self.pages:
            page.close()


@contextmanager
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=list(FLAGS), timeout=STEP_MS
        )
        try:
            yield browser
        finally:
            browser.close()
