// SPDX-License-Identifier: LGPL-2.1-or-later
// What the tests ask a page, put into it before they ask.

/** Files are caught instead of saved: name → text. */
window.caught = {};
const blobs = new Map();
const make = URL.createObjectURL;
URL.createObjectURL = blob => {
    const url = make.call(URL, blob);
    blobs.set(url, blob);
    return url;
};
HTMLAnchorElement.prototype.click = function () {
    const name = this.download;
    blobs
        .get(this.href)
        .text()
        .then(text => {
            window.caught[name] = text;
        });
};

/** The text of the file that a figure's button gives. */
window.fileOf = async name => {
    document.querySelector(`[data-file="${name}"]`).click();
    while (!(name in window.caught)) await new Promise(resolve => setTimeout(resolve, 5));
    return window.caught[name];
};

function luminance(color) {
    const [r, g, b] = color
        .map(value => value / 255)
        .map(value => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function parse(color) {
    return (color.match(/[\d.]+/g) ?? []).map(Number);
}

function behind(element) {
    for (let one = element; one; one = one.parentElement) {
        const color = parse(getComputedStyle(one).backgroundColor);
        if (color.length === 3 || color[3] > 0) return color.slice(0, 3);
    }
    return [255, 255, 255];
}

/** Texts whose contrast is below WCAG's AA, with what it is. */
window.faintTexts = () => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        if (
            !walker.currentNode.data.trim() ||
            element.closest("script, style, noscript, title, .unseen, .cell-value") ||
            !element.checkVisibility()
        )
            continue;
        const style = getComputedStyle(element);
        const ink = parse(element.closest("svg") ? style.fill : style.color).slice(0, 3);
        const [a, b] = [luminance(ink), luminance(behind(element.closest("svg")?.parentElement ?? element))].sort(
            (x, y) => y - x,
        );
        const contrast = (a + 0.05) / (b + 0.05);
        if (contrast < 4.5) found.push([walker.currentNode.data.trim(), Number(contrast.toFixed(2))]);
    }
    return found;
};

/** What has the focus, in words. */
window.focused = () => {
    const element = document.activeElement;
    const style = getComputedStyle(element);
    const ring = element.matches(".tasks input") ? getComputedStyle(element.nextElementSibling) : style;
    const place = element.getBoundingClientRect();
    return {
        tag: element.localName,
        text: (element.ariaLabel ?? element.textContent).trim().slice(0, 40),
        ring: ring.outlineStyle !== "none" && parseFloat(ring.outlineWidth) >= 2,
        top: place.top + scrollY,
        index: [...document.querySelectorAll("*")].indexOf(element),
    };
};
