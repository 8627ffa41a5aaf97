"use strict";
// Long lists: only what is near the window is in the document. Rows come in chunks; a chunk that
// was never near has the height that its rows will have if they are folded.

/** An element with a class, a text and children; text is never markup. */
function make(tag, name, text, ...inside) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (text !== undefined && text !== null) element.textContent = text;
  element.append(...inside);
  return element;
}

class LongList {
  static CHUNK = 100;

  /**
   * @param {HTMLElement} place  where the rows go; it has role="tree"
   * @param {(index: number) => HTMLElement} draw  makes the row of an index
   * @param {number} height  of a folded row, in pixels
   * @param {{toggle: (index: number, open: boolean|undefined) => void}} acts
   */
  constructor(place, draw, height, acts) {
    Object.assign(this, { place, draw, height, acts, length: 0, current: 0, chunks: [] });
    this.near = new IntersectionObserver((seen) => this.approach(seen), { rootMargin: "800px 0px" });
    place.addEventListener("keydown", (event) => this.key(event));
    place.addEventListener("click", (event) => this.click(event));
    place.addEventListener("focusin", (event) => {
      const row = event.target.closest(".item");
      if (row) this.mark(Number(row.dataset.index));
    });
  }

  /** Show `length` rows, from the start unless a row is to `keep` its place. */
  show(length, keep = 0) {
    this.near.disconnect();
    this.length = length;
    this.current = Math.max(0, Math.min(keep, length - 1));
    this.chunks = [];
    for (let start = 0; start < length; start += LongList.CHUNK) {
      const chunk = make("div", "chunk");
      chunk.setAttribute("role", "none");
      chunk.dataset.number = String(this.chunks.length);
      const rows = Math.min(LongList.CHUNK, length - start);
      chunk.style.minHeight = `${rows * this.height}px`;
      this.chunks.push(chunk);
    }
    this.place.replaceChildren(...this.chunks);
    if (length) this.fill(Math.floor(this.current / LongList.CHUNK));
    for (const chunk of this.chunks) this.near.observe(chunk);
  }

  approach(seen) {
    for (const one of seen) {
      if (one.isIntersecting) this.fill(Number(one.target.dataset.number));
    }
  }

  fill(number) {
    const chunk = this.chunks[number];
    if (!chunk || chunk.firstChild) return;
    const start = number * LongList.CHUNK;
    const end = Math.min(start + LongList.CHUNK, this.length);
    for (let index = start; index < end; index += 1) chunk.append(this.row(index));
    chunk.style.minHeight = "";
  }

  row(index) {
    const row = this.draw(index);
    row.dataset.index = String(index);
    row.setAttribute("role", "treeitem");
    row.setAttribute("aria-setsize", String(this.length));
    row.setAttribute("aria-posinset", String(index + 1));
    row.tabIndex = index === this.current ? 0 : -1;
    return row;
  }

  /** The element of a row; its chunk is filled for it. */
  at(index) {
    const number = Math.floor(index / LongList.CHUNK);
    this.fill(number);
    return this.chunks[number]?.children[index % LongList.CHUNK];
  }

  redraw(index) {
    const old = this.at(index);
    const focused = old === document.activeElement;
    const row = this.row(index);
    old.replaceWith(row);
    if (focused) row.focus({ preventScroll: true });
  }

  mark(index) {
    const old = this.chunks[Math.floor(this.current / LongList.CHUNK)]?.children[this.current % LongList.CHUNK];
    if (old) old.tabIndex = -1;
    this.current = index;
    this.at(index).tabIndex = 0;
  }

  focus(index) {
    if (!this.length) return;
    this.mark(Math.max(0, Math.min(index, this.length - 1)));
    this.at(this.current).focus();
  }

  click(event) {
    const row = event.target.closest(".item");
    if (!row || !event.target.closest(".head") || String(getSelection())) return;
    this.mark(Number(row.dataset.index));
    this.acts.toggle(this.current);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: 20, PageUp: -20, Home: -Infinity, End: Infinity };
    if (event.key in moves) this.focus(this.current + moves[event.key]);
    else if (event.key === "ArrowRight") this.acts.toggle(this.current, true);
    else if (event.key === "ArrowLeft") this.acts.toggle(this.current, false);
    else if (event.key === "Enter" || event.key === " ") this.acts.toggle(this.current);
    else return;
    event.preventDefault();
  }
}
