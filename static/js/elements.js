// Elements from a name, attributes and children; texts never become markup.
export function h(name, attributes = {}, ...children) {
  return dress(document.createElement(name), attributes, children);
}

const SVG = "http://www.w3.org/2000/svg";
export function s(name, attributes = {}, ...children) {
  return dress(document.createElementNS(SVG, name), attributes, children);
}

function dress(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name, value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}
