"""What a citizen's first page costs a phone, through Chromium's own protocol."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page


@dataclass(frozen=True, slots=True)
class Network:
    """A network as Chromium's DevTools emulate it: bits a second, milliseconds a round trip."""

    bits_per_second: int
    latency_ms: int


# "Slow 3G" as DevTools and Puppeteer preset it: Chromium delays each request, so the 400 ms of a
# round trip stand five times in it, for the name, the connection, TLS and what gets lost.
SLOW_3G = Network(bits_per_second=400_000, latency_ms=2_000)
# The same link, with a round trip's own 400 ms for each request.
SLOW_3G_ROUND_TRIP = Network(bits_per_second=400_000, latency_ms=400)

# When the questions are drawn and can be tapped. What is tapped before the script is there is
# saved by it as soon as it is, and without it with the page.
USABLE = """() => {
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  const [shown] = document.querySelectorAll("fieldset.scale input");
  return paint && shown && shown.checkVisibility() ? paint.startTime : null;
}"""
SAVING = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"


@dataclass(frozen=True, slots=True)
class FirstPage:
    """`requests` and `bytes_without_fonts` are all that was fetched but fonts and data addresses.

    bytes: compressed bodies and headers, with fonts; usable_s: seconds from the tap on the link
    until a question can be tapped, saving_s: until each tap is sent at once.
    """

    requests: int
    bytes_without_fonts: int
    bytes: int
    usable_s: float
    saving_s: float


def first_page(page: Page, address: str, network: Network | None = None) -> FirstPage:
    """Opens the address in an empty browser on that network and waits for its fonts."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    if network is not None:
        session.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": network.latency_ms,
                "downloadThroughput": network.bits_per_second / 8,
                "uploadThroughput": network.bits_per_second / 8,
            },
        )
    kinds: dict[str, str] = {}
    sizes: dict[str, int] = {}

    def begun(event: dict[str, Any]) -> None:  # Any: the protocol's own events
        if not event["request"]["url"].startswith("data:"):
            kinds[event["requestId"]] = event["type"]

    def ended(event: dict[str, Any]) -> None:  # Any: the protocol's own events
        sizes[event["requestId"]] = round(event["encodedDataLength"])

    session.on("Network.requestWillBeSent", begun)
    session.on("Network.loadingFinished", ended)
    page.goto(address, wait_until="load")
    page.evaluate("document.fonts.ready.then(() => null)")
    page.wait_for_function(USABLE)
    usable_ms: float = page.evaluate(USABLE)
    saving_ms: float = page.evaluate(SAVING)
    fonts = {request for request, kind in kinds.items() if kind == "Font"}
    session.detach()
    return FirstPage(
        requests=len(kinds) - len(fonts),
        bytes_without_fonts=sum(
            sizes[request] for request in sizes.keys() & (kinds.keys() - fonts)
        ),
        bytes=sum(sizes[request] for request in sizes.keys() & kinds.keys()),
        usable_s=round(usable_ms / 1000, 3),
        saving_s=round(saving_ms / 1000, 3),
    )
