// SPDX-License-Identifier: LGPL-2.1-or-later
// Elements of HTML and SVG from data; texts are never parsed as markup.

const SVG = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
    for (const [name, value] of Object.entries(attributes ?? {})) {
        if (value === null || value === undefined || value === false) continue;
        if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
        else element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false));
    return element;
}

/** An element of HTML: h("p", {class: "note"}, "text", child). */
function h(tag, attributes, ...children) {
    return fill(document.createElement(tag), attributes, children);
}

/** The same of SVG. */
function s(tag, attributes, ...children) {
    return fill(document.createElementNS(SVG, tag), attributes, children);
}

/** "M x y L x y …" through points; null points part the line. */
function pathThrough(points) {
    let path = "",
        pen = "M";
    for (const point of points) {
        if (point === null) {
            pen = "M";
            continue;
        }
        path += `${pen}${point[0].toFixed(1)} ${point[1].toFixed(1)}`;
        pen = "L";
    }
    return path;
}

let lastId = 0;

/** An id that no other element has. */
function newId(stem) {
    lastId += 1;
    return `${stem}-${lastId}`;
}
