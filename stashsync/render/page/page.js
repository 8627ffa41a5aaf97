const data = JSON.parse(document.getElementById("data").textContent);
const by = (id) => document.getElementById(id);
const number = new Intl.NumberFormat("en");
const SIGNS = { create: "+", update: "~", delete: "-", merge: "⇒" };
const WORDS = { create: "Create", update: "Update", merge: "Merge", delete: "Delete" };
const CLASSES = { "+": "create", "~": "update", "-": "delete", "⇒": "merge", "→": "rename", "⤷": "rename" };
const TOLD = { "+": "new", "-": "goes", "⇒": "merged", "→": "renamed", "⤷": "moved", "~": "" };
const NOTES = 8; // problems that are shown before the rest is folded away

function head() {
  by("title").textContent = data.title;
  by("summary").textContent = data.summary;
  by("facts").textContent = data.facts.map((one) => one.join(" ")).join(" · ");
  const rest = make("details", "", null, make("summary", "", `${number.format(data.notes.length - NOTES)} more`));
  data.notes.forEach((one, index) => {
    const note = make("div", `note ${one.level}`, null, make("b", "", one.level), make("bdi", "", one.message));
    for (const more of [one.place, one.hint]) if (more) note.append(make("small", "", more));
    (index < NOTES ? by("notes") : rest).append(note);
  });
  if (data.notes.length > NOTES) by("notes").append(rest);
  by("notes").hidden = !data.notes.length;
}

function totals() {
  const found = data.totals;
  if (!found.length) return;
  const columns = Object.keys(WORDS).filter((one) => found.some((row) => row[one]));
  if (found.some((row) => row.unchanged)) columns.push("unchanged");
  const cells = (row) => columns.map((one) => {
    const cell = make("td", row[one] ? one : "zero", number.format(row[one] || 0));
    return cell;
  });
  const line = (name, row) => {
    const first = make("th", "", name);
    first.scope = "row";
    return make("tr", "", null, first, ...cells(row));
  };
  const names = columns.map((one) => {
    const cell = make("th", "", WORDS[one] || "In step");
    cell.scope = "col";
    return cell;
  });
  const table = make("table", "", null, make("thead", "", null, make("tr", "", null, make("th"), ...names)),
    make("tbody", "", null, ...found.map((row) => line(row.plural, row))));
  if (found.length > 1) {
    const sum = Object.fromEntries(columns.map((one) => [one, found.reduce((all, row) => all + (row[one] || 0), 0)]));
    table.append(make("tfoot", "", null, line("together", sum)));
  }
  by("totals").append(table);
  by("totals").hidden = false;
}

// -- changes --------------------------------------------------------------------------------------

const open = new Set();
const chosen = { action: null, kind: null, status: null, changed_by: null };
const CHANGED_BY = { server: "the server", manifest: "the manifests", both: "both", unknown: "unknown" };
let visible = [];
let words = [];
let texts = null;

function searchable() {
  // Made when it is first needed: a page that is only looked at opens sooner.
  texts ??= data.changes.map((one) => {
    const parts = [one.kind, one.name, one.was, one.place, one.action, one.status || "", ...(one.said || [])];
    for (const field of one.fields) {
      parts.push(field.name, field.before ?? "", field.after ?? "");
      for (const member of field.members || []) parts.push(...member.map((part) => part ?? ""));
    }
    return parts.join("\n").toLowerCase();
  });
  return texts;
}

function refresh() {
  words = by("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const found = words.length ? searchable() : null;
  visible = [];
  data.changes.forEach((one, index) => {
    if (chosen.action && one.action !== chosen.action) return;
    if (chosen.kind && one.kind !== chosen.kind) return;
    if (chosen.status && one.status !== chosen.status) return;
    if (chosen.changed_by && one.changed_by !== chosen.changed_by) return;
    if (found && !words.every((word) => found[index].includes(word))) return;
    visible.push(index);
  });
  const all = data.changes.length;
  by("count").textContent = visible.length === all ? `${number.format(all)} ${all === 1 ? "change" : "changes"}`
    : `${number.format(visible.length)} of ${number.format(all)} changes`;
  by("none").hidden = visible.length > 0;
  list.show(visible.length);
}

function draw(position) {
  const index = visible[position];
  const one = data.changes[index];
  const unfolded = open.has(index);
  const name = make("bdi", "name", one.name);
  const top = make("div", "head", null, make("span", "twist", "›"), make("span", `sign ${one.action}`, SIGNS[one.action]),
    make("span", "kind", one.kind), name);
  if (one.was) top.append(make("bdi", "was", one.was));
  if (one.status) top.append(make("span", `status ${one.status}`, one.status));
  top.append(make("span", "brief", unfolded ? "" : one.fields.map((field) => field.name).filter((field) => field !== "name").join(", ")));
  top.append(make("span", "place", one.place));
  top.querySelector(".twist").ariaHidden = "true";
  const row = make("div", "item", null, top);
  row.setAttribute("aria-expanded", String(unfolded));
  row.setAttribute("aria-label", `${one.action} ${one.kind} ${one.name}`);
  if (unfolded) row.append(body(one));
  return row;
}

function body(one) {
  const inside = make("div", "body");
  for (const text of one.said || []) inside.append(make("p", `remark ${one.status}`, text));
  for (const note of one.notes) inside.append(make("p", "remark", note));
  for (const field of one.fields) inside.append(attribute(field));
  const rest = one.rest;
  if (rest) inside.append(make("p", "remark", `${rest} unchanged ${rest === 1 ? "attribute" : "attributes"}`));
  if (!inside.firstChild) inside.append(make("p", "remark", "nothing but its name"));
  return inside;
}

function attribute(field) {
  const value = make("div", "value");
  if (field.members) {
    for (const [sign, key, before, after] of field.members) value.append(...member(sign, key, before, after));
    if (!field.members.length) value.append(make("span", "same", "another order"));
  } else value.append(...pair(field.before, field.after));
  return make("div", "field", null, make("span", `sign ${CLASSES[field.sign] || ""}`, field.sign),
    make("span", "label", field.name), value);
}

function member(sign, key, before, after) {
  const lead = key ? `${key} = ` : "";
  if (sign === "~") return pair(lead + before, after);
  return [make(sign === "+" ? "ins" : "del", sign === "+" ? "new" : "old", `${sign} ${lead}${sign === "+" ? after : before}`)];
}

function pair(before, after) {
  const found = [];
  if (before !== null && before !== undefined) found.push(make("del", "old", before));
  if (found.length && after !== null && after !== undefined) found.push(make("span", "arrow", "→"));
  if (after !== null && after !== undefined) found.push(make("ins", "new", after));
  return found;
}

const list = new LongList(by("list"), draw, 35, {
  toggle(position, wanted) {
    const index = visible[position];
    const next = wanted ?? !open.has(index);
    if (next === open.has(index)) return;
    if (next) open.add(index); else open.delete(index);
    list.redraw(position);
  },
});

function filters() {
  const place = by("filters");
  const group = (name, values, label) => {
    const counts = new Map(values.map((one) => [one, 0]));
    for (const one of data.changes) if (counts.has(one[name])) counts.set(one[name], counts.get(one[name]) + 1);
    const used = values.filter((one) => counts.get(one));
    if (used.length < 2) return;
    if (place.firstChild) place.append(make("span", "cut"));
    for (const one of used) {
      const button = make("button", "", label(one), make("span", "n", number.format(counts.get(one))));
      button.type = "button";
      button.setAttribute("aria-pressed", "false");
      button.dataset.filter = `${name}:${one}`;
      button.addEventListener("click", () => {
        chosen[name] = chosen[name] === one ? null : one;
        for (const other of place.querySelectorAll(`[data-filter^="${name}:"]`)) {
          other.setAttribute("aria-pressed", String(other.dataset.filter === `${name}:${chosen[name]}`));
        }
        refresh();
      });
      place.append(button);
    }
  };
  group("action", Object.keys(WORDS), (one) => WORDS[one]);
  group("kind", data.totals.map((one) => one.kind), (one) => data.totals.find((row) => row.kind === one).plural);
  group("status", ["failed", "unknown", "moved", "skipped", "applied"], (one) => one);
  group("changed_by", Object.keys(CHANGED_BY), (one) => CHANGED_BY[one]);
  by("unfold").addEventListener("click", () => { for (const one of visible) open.add(one); list.show(visible.length); });
  by("fold").addEventListener("click", () => { open.clear(); list.show(visible.length); });
  let timer = 0;
  by("search").addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(refresh, 60); });
}

// -- the page -------------------------------------------------------------------------------------

function tabs() {
  const panels = [["changes", "Changes", data.changes.length], ["hierarchy", "Hierarchy", data.trees.length]].filter((one) => one[2]);
  const drawn = new Set(["changes"]);
  const select = (id) => {
    if (!drawn.has(id)) hierarchies();
    drawn.add(id);
    for (const [name] of panels) {
      by(name).hidden = name !== id;
      const tab = by(`tab-${name}`);
      tab.setAttribute("aria-selected", String(name === id));
      tab.tabIndex = name === id ? 0 : -1;
    }
  };
  panels.forEach(([name, title], index) => {
    const tab = make("button", "", title);
    tab.type = "button";
    tab.id = `tab-${name}`;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", name);
    tab.addEventListener("click", () => select(name));
    tab.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
      const other = panels[(index + 1) % panels.length][0];
      select(other);
      by(`tab-${other}`).focus();
    });
    by("tabs").append(tab);
  });
  by("tabs").hidden = panels.length < 2;
  if (panels.length) select(panels[0][0]);
}

function theme() {
  const button = by("theme");
  const system = matchMedia("(prefers-color-scheme: dark)");
  const dark = () => (document.documentElement.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark";
  const label = () => { button.textContent = dark() ? "Light" : "Dark"; };
  const toggle = () => { document.documentElement.dataset.theme = dark() ? "light" : "dark"; label(); };
  button.addEventListener("click", toggle);
  system.addEventListener("change", label);
  label();
  return toggle;
}

head();
totals();
filters();
tabs();
const toggleTheme = theme();
if (data.changes.length) refresh();

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target instanceof HTMLInputElement;
  if (event.key === "/" && !typing) {
    const field = by("hierarchy").hidden && data.changes.length ? by("search") : document.querySelector(".find");
    field?.focus();
    field?.select();
  } else if (event.key === "Escape" && typing) {
    event.target.value = "";
    event.target.dispatchEvent(new Event("input"));
  } else if (event.key === "ArrowDown" && event.target === by("search")) list.focus(list.current);
  else if (event.key === "t" && !typing) toggleTheme();
  else return;
  event.preventDefault();
});
