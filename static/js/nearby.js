// The offices that are near, on the bare address: the list of all comes here after the press, and this module
// measures. The position stands in no address, no storage and no request, and is forgotten when this has run.
const MOST = 5;
const PARTS = 200; // of a degree, in which the list counts
const REACH = 60; // kilometres from the middle of a commune within which one may be in it or beside it
const ROUGH = 3_000; // metres; what a device says that knows no better than the town
const KILOMETRES = 111.2; // of a degree of latitude
const SAID = ["", "refused", "unknown", "late"]; // by the codes of GeolocationPositionError

/** @typedef {{ province: string, address: string, name: string, far: number, reach: number }} Near */
/** @typedef {[string, string[], string[], number[], number[], Record<string, number>]} Row see surveys/citizen/nearby.py */

// As offices.registry.slugs makes an address of a name.
/** @type {(name: string) => string} */
const slug = (name) => name.replace(/[đĐ]/g, "d").normalize("NFD").replace(/\p{M}/gu, "").toLowerCase()
  .replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");

// On a plane: within a country the fault is smaller than what the points are rounded to.
/** @type {(rows: Row[], here: GeolocationCoordinates) => Near[]} */
function nearest(rows, { latitude, longitude }) {
  const found = /** @type {Near[]} */ ([]);
  const narrower = Math.cos(latitude * Math.PI / 180);
  for (const [province, addresses, names, north, east, reaches] of rows) {
    let [y, x] = [0, 0];
    names.forEach((name, at) => {
      y += north[at];
      x += east[at];
      const far = Math.hypot(y / PARTS - latitude, (x / PARTS - longitude) * narrower) * KILOMETRES;
      found.push({ province, name, far, address: addresses[at] || slug(name), reach: reaches[at] ?? REACH });
    });
  }
  return found.sort((one, other) => one.far - other.far).slice(0, MOST);
}

// As roughly as it is known.
/** @type {(far: number, words: DOMStringMap) => string} */
function distance(far, { about = "", closer = "" }) {
  if (far < 1) return closer;
  const step = far < 10 ? 1 : far < 100 ? 5 : 10;
  return about.replace("{km}", String(Math.round(far / step) * step));
}

/** @type {(one: Near, words: DOMStringMap) => HTMLElement} */
function line({ province, address, name, far }, words) {
  const link = Object.assign(document.createElement("a"), { href: `${words.office}${address}/` });
  const [place, above] = ["span", "small"].map((tag) => Object.assign(document.createElement(tag), { lang: "vi" }));
  [place.textContent, above.textContent] = [name, province];
  link.append(place, " ", above, " ", Object.assign(document.createElement("small"), { textContent: distance(far, words) }));
  const item = document.createElement("li");
  item.append(link);
  return item;
}

/** @type {() => Promise<GeolocationPosition>} */
const position = () => new Promise((told, failed) => {
  navigator.geolocation.getCurrentPosition(told, failed, { timeout: 20_000 });
});

/** @type {(template: HTMLTemplateElement) => void} */
function offer(template) {
  const words = template.dataset;
  template.after(template.content);
  const button = /** @type {HTMLElement} */ (document.getElementById("near-me"));
  const section = /** @type {HTMLElement} */ (button.closest("section"));
  const list = /** @type {HTMLElement} */ (section.querySelector("ol"));
  /** @type {(...names: string[]) => void} */
  const say = (...names) => section.querySelectorAll("[data-says]").forEach((one) => {
    /** @type {HTMLElement} */ (one).hidden = !names.includes(one.getAttribute("data-says") ?? "");
  });
  let looking = false;

  async function look() {
    let here;
    try {
      here = (await position()).coords;
    } catch (error) {
      return say(SAID[/** @type {GeolocationPositionError} */ (error).code] || "unknown");
    }
    let rows;
    try {
      const answer = await fetch(words.points ?? "");
      if (!answer.ok) throw new Error(String(answer.status));
      rows = await answer.json();
    } catch {
      return say("away");
    }
    const found = nearest(rows, here);
    if (!found.some(({ far, reach }) => far <= reach)) return say("outside");
    say("found", here.accuracy > ROUGH ? "rough" : "");
    list.replaceChildren(...found.map((one) => line(one, words)));
    list.hidden = false;
    list.scrollIntoView({ block: "nearest" }); // on small phones it lies below what is seen
  }

  button.addEventListener("click", async () => {
    if (looking) return;
    looking = true;
    list.hidden = true;
    list.replaceChildren();
    say("looking");
    await look();
    looking = false;
  });
}

const template = /** @type {HTMLTemplateElement | null} */ (document.getElementById("near"));
// not where the browser would refuse unasked: without encryption, or within another page
if (template && isSecureContext && navigator.geolocation) offer(template);
