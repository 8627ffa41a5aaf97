// Hierarchies: one kind on one or two sides, with a search and, for each side, a subtree to look at.

const UNFOLDED = 400; // objects up to which a hierarchy begins unfolded

/** One side. An object with several parents has a line below each; what is below it is unfolded at the first. */
class Tree {
  constructor(side, title) {
    this.side = side;
    this.place = make("div");
    this.place.setAttribute("role", "tree");
    this.place.setAttribute("aria-label", `${title}: ${side.title}`);
    this.trail = []; // nodes from the top to the one that is looked at; empty for all
    this.path = make("nav", "trail");
    this.path.setAttribute("aria-label", `Where in ${title}`);
    this.wanted = null; // nodes that a search shows: those that match and what is above them
    this.hits = new Set();
    this.unfold(side.nodes.length <= UNFOLDED ? "all" : "first");
    this.rows = new LongList(this.place, (index) => this.row(index), 28, {
      toggle: (index, wanted) => this.toggle(index, wanted),
    });
    this.place.addEventListener("keydown", (event) => {
      if (event.key === "f" && !event.ctrlKey && !event.metaKey && !event.altKey) this.look(this.rows.current);
    });
    this.show();
  }

  get element() {
    return make("div", "side", null, make("h3", "", this.side.title), this.path, this.place);
  }

  /** Fold everything as at the beginning: "all", "first" (what is at the top is folded) or "none". */
  unfold(how) {
    this.how = how;
    this.chosen = new Map(); // by path, what a person unfolded or folded
  }

  /** Show what has all of the words in its name; returns how many have. */
  search(words) {
    const { nodes } = this.side;
    this.hits = new Set();
    this.wanted = null;
    this.chosen = new Map();
    if (words.length) {
      this.lower ??= nodes.map(([name]) => name.toLowerCase());
      this.lower.forEach((name, node) => { if (words.every((word) => name.includes(word))) this.hits.add(node); });
      this.above ??= this.parents();
      this.wanted = new Set(this.hits);
      const open = [...this.hits];
      while (open.length) {
        for (const node of this.above[open.pop()]) {
          if (!this.wanted.has(node)) { this.wanted.add(node); open.push(node); }
        }
      }
    }
    this.show();
    return this.hits.size;
  }

  parents() {
    const above = this.side.nodes.map(() => []);
    this.side.nodes.forEach(([, , below], node) => { for (const child of below) above[child].push(node); });
    return above;
  }

  flatten() {
    const { nodes, roots } = this.side;
    const seen = new Set();
    this.lines = [];
    const tops = this.trail.length ? this.trail.slice(-1) : roots;
    const stack = tops.map((node) => ({ node, depth: 0, path: String(node), above: null })).reverse();
    while (stack.length) {
      const line = stack.pop();
      if (this.wanted && !this.wanted.has(line.node)) continue;
      const inside = (node) => { for (let up = line; up; up = up.above) if (up.node === node) return true; return false; };
      line.below = nodes[line.node][2].filter((node) => !inside(node) && (!this.wanted || this.wanted.has(node)));
      line.open = line.below.length > 0 && (this.chosen.get(line.path) ?? this.opens(line, seen.has(line.node)));
      seen.add(line.node);
      this.lines.push(line);
      if (!line.open) continue;
      for (const node of [...line.below].reverse()) stack.push({ node, depth: line.depth + 1, path: `${line.path}/${node}`, above: line });
    }
  }

  opens(line, again) {
    if (again) return false;
    return Boolean(this.wanted) || this.how === "all" || (this.how === "first" && (line.depth > 0 || this.trail.length > 0));
  }

  show(keep = 0) {
    this.flatten();
    this.rows.show(this.lines.length, keep);
    if (!this.lines.length) this.place.append(make("p", "empty", "nothing"));
    const button = (text, length) => {
      const found = make("button", "", text);
      found.type = "button";
      found.addEventListener("click", () => { this.trail.length = length; this.chosen = new Map(); this.show(); this.rows.focus(0); });
      return found;
    };
    const steps = this.trail.map((node, index) => button(this.side.nodes[node][0], index + 1));
    this.path.replaceChildren(...(steps.length ? [button("All", 0), ...steps] : []));
  }

  row(index) {
    const { node, depth, below, open } = this.lines[index];
    const [name, sign] = this.side.nodes[node];
    const indent = make("span", "indent");
    indent.style.setProperty("--depth", String(depth));
    const top = make("div", "head", null, indent, make("span", "twist", below.length ? "›" : ""),
      make("bdi", `name ${CLASSES[sign] || ""}${this.hits.has(node) ? " hit" : ""}`, name));
    if (TOLD[sign]) top.append(make("span", `tag ${CLASSES[sign]}`, TOLD[sign]));
    if (below.length && depth) {
      const only = make("button", "only", "only this");
      only.type = "button";
      only.tabIndex = -1;
      only.addEventListener("click", (event) => { event.stopPropagation(); this.look(index); });
      top.append(only);
    }
    const row = make("div", "item node", null, top);
    row.setAttribute("aria-level", String(depth + 1));
    if (below.length) row.setAttribute("aria-expanded", String(open));
    return row;
  }

  toggle(index, wanted) {
    const { path, below, open } = this.lines[index];
    const next = wanted ?? !open;
    if (!below.length || next === open) return;
    this.chosen.set(path, next);
    this.show(index);
    this.rows.focus(index);
  }

  /** Show one line and what is below it, and nothing else. */
  look(index) {
    const steps = [];
    for (let up = this.lines[index]; up; up = up.above) steps.unshift(up.node);
    this.trail = [...this.trail, ...steps.slice(this.trail.length ? 1 : 0)];
    this.chosen = new Map();
    this.show();
    this.rows.focus(0);
  }
}

function kindtree(one) {
  const trees = one.sides.map((side) => new Tree(side, one.title));
  const find = make("input", "find");
  find.type = "search";
  find.autocomplete = "off";
  find.spellcheck = false;
  find.placeholder = `Find in ${one.title}`;
  find.setAttribute("aria-label", find.placeholder);
  const count = make("span", "count");
  count.setAttribute("role", "status");
  let timer = 0;
  const refresh = () => {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = Math.max(...trees.map((tree) => tree.search(words)));
    count.textContent = words.length ? `${number.format(found)} found` : "";
  };
  find.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(refresh, 60); });
  const button = (text, how) => {
    const made = make("button", "", text);
    made.type = "button";
    made.addEventListener("click", () => { for (const tree of trees) { tree.unfold(how); tree.show(); } });
    return made;
  };
  const tools = make("div", "row", null, find, count, make("span", "gap"), button("Unfold all", "all"), button("Fold all", "none"));
  return make("section", "kindtree", null, make("h2", "", one.title), tools,
    make("div", "sides", null, ...trees.map((tree) => tree.element)));
}

function hierarchies() {
  by("hierarchy").append(...data.trees.map(kindtree));
}
