// Elements from a name, attributes and children; texts never become markup.
/** @type {<K extends keyof HTMLElementTagNameMap>(name: K, attributes?: Attributes, ...children: Children) => HTMLElementTagNameMap[K]} */
export function h(name, attributes = {}, ...children) {
  return dress(document.createElement(name), attributes, children);
}

const SVG = "http://www.w3.org/2000/svg";
/** @type {<K extends keyof SVGElementTagNameMap>(name: K, attributes?: Attributes, ...children: Children) => SVGElementTagNameMap[K]} */
export function s(name, attributes = {}, ...children) {
  return dress(document.createElementNS(SVG, name), attributes, children);
}

/** @type {<E extends Element>(element: E, attributes: Attributes, children: Children) => E} */
function dress(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name, value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}
