// Pictures of the plane side by side. A cell is found by pointer, finger or arrow keys; choosing it plays its losses.

const boards = new WeakMap();
const NOT_DEFINED = -32768;

function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return Float32Array.from(new Int16Array(bytes.buffer), (n) => (n === NOT_DEFINED ? NaN : n / 10000));
}

function element(name, inside = {}, ...children) {
  const made = Object.assign(document.createElement(name), inside);
  made.append(...children);
  return made;
}

class Planes {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.sound = new Sound(() => this.showSound());
    this.leave = new AbortController();
    this.cursor = null;
    this.viewName = "whole";
    const on = (target, event, action) => target.addEventListener(event, action, { signal: this.leave.signal });
    for (const button of root.querySelectorAll(".choice button")) on(button, "click", () => this.look(button.dataset.view));
    on(this.find(".choice"), "keydown", (event) => {
      if (!event.key.startsWith("Arrow")) return;
      event.preventDefault();
      this.look(this.viewName === "whole" ? "little" : "whole");
      this.find(`[data-view=${this.viewName}]`).focus();
    });
    on(this.find(".stop"), "click", () => { this.sound.stop(); this.showSound(); });
    on(globalThis, "sercore-sound", () => this.takeSound());
    this.watcher = new ResizeObserver(() => this.redraw());
    this.watcher.observe(root);
  }

  get view() { return this.data.views[this.viewName]; }

  update({ data, setStateValue }) {
    this.setStateValue = setStateValue;
    const same = this.shown === data.shown;
    this.data = data;
    this.chosen = data.chosen;
    if (!same) this.build(data);
    this.shown = data.shown;
    const bytes = Uint8Array.from(atob(data.bits), (letter) => letter.charCodeAt(0));
    this.bits = new Uint32Array(bytes.buffer);
    this.takeSound();
    this.redraw();
  }

  takeSound() {
    const clip = globalThis.sercoreSounds?.clip;
    if (!this.data || clip?.name !== this.data.clip || this.audio === clip.audio) return;
    this.audio = clip.audio;
    this.sound.load(clip.audio);
  }

  build({ rows }) {
    this.pictures = [];
    const parts = rows.map((row) => {
      const figures = row.pictures.map((picture) => this.figure(row, picture));
      const pictures = element("div", { className: "pictures" }, ...figures);
      pictures.style.setProperty("--least", row.least);
      return element("div", { className: "row" }, element("h3", { textContent: row.title }), this.scale(row.scale), pictures);
    });
    this.find(".rows").replaceChildren(...parts);
  }

  scale({ colours, ticks }) {
    const bar = element("span", { className: "colours" });
    bar.style.background = `linear-gradient(90deg, ${colours.join(", ")})`;
    const scale = element("div", { className: "scale" }, bar, ...ticks.map((text) => element("span", { textContent: text })));
    scale.style.setProperty("--ticks", ticks.length);
    return scale;
  }

  figure(row, picture) {
    for (const view of ["whole", "little"]) {
      for (const name of ["value", "low", "high"]) picture[view][name] = unpacked(picture[view][name]);
    }
    const canvas = element("canvas");
    const board = element("div", { className: "picture", tabIndex: 0 }, canvas);
    board.setAttribute("role", "application");
    board.setAttribute("aria-roledescription", "plane of channels");
    board.setAttribute("aria-label", `${picture.alt} ${this.data.keys}`);
    const entry = { row, picture, canvas, board };
    this.pictures.push(entry);
    board.addEventListener("pointermove", (event) => this.point(entry, event));
    board.addEventListener("pointerleave", () => { this.find(".tip").hidden = true; });
    board.addEventListener("click", (event) => { const cell = this.under(entry, event); if (cell) this.take(entry, cell); });
    board.addEventListener("keydown", (event) => this.key(entry, event));
    board.addEventListener("blur", () => { this.cursor = null; this.find(".tip").hidden = true; this.redraw(); });
    const save = element("button", { type: "button", textContent: "save", title: "Save this picture" });
    save.setAttribute("aria-label", `Save the picture: ${row.title}, ${picture.title}`);
    save.addEventListener("click", () => this.save(entry));
    const caption = element("figcaption", {}, element("b", { textContent: picture.title }), save);
    if (picture.sentence) caption.append(element("small", { textContent: picture.sentence }));
    return element("figure", {}, caption, board);
  }

  redraw() {
    if (!this.data || !this.root.clientWidth) return;
    const { view, data } = this;
    const marks = { chosen: this.placeOf(this.chosen), cursor: this.cursor && this.shares(this.cursor) };
    for (const each of this.pictures) each.frame = paint(each.canvas, each.picture, each.row, view, marks, data.colours, data.type);
  }

  shares({ column, row }) { return [column / (this.view.columns - 1), row / (this.view.rows - 1)]; }

  // Where a channel lies in this view, as shares of both axes.
  placeOf({ p_n, p_l }) {
    if (this.viewName === "whole") return [p_n, p_l];
    return [lossRate(p_n, p_l) / this.view.x.most, p_l / this.view.y.most];
  }

  channelOf({ column, row }) {
    const [x, y] = this.shares({ column, row });
    if (this.viewName === "whole") return { p_n: x, p_l: y };
    const p_l = y * this.view.y.most, rate = x * this.view.x.most; // Eq. 1, solved for p_N
    return { p_n: 1 - (rate * (1 - p_l)) / (1 - rate), p_l };
  }

  under({ frame, board }, event) {
    const box = board.getBoundingClientRect();
    return frame.cellOf(event.clientX - box.left, event.clientY - box.top);
  }

  words({ picture }, cell) {
    const at = cell.column * this.view.rows + cell.row, cells = picture[this.viewName];
    const { p_n, p_l } = this.channelOf(cell);
    const digits = this.viewName === "whole" ? 2 : 3;
    const burst = lossRate(p_n, p_l) === 0 ? "" : `, ${Math.round(FRAME_MS / (1 - p_l)).toLocaleString("en")} ms at a time`;
    const where = `p_N = ${p_n.toFixed(digits)}, p_L = ${p_l.toFixed(2)}: ${(100 * lossRate(p_n, p_l)).toFixed(digits - 2)} % lost`;
    const value = cells.value[at];
    if (Number.isNaN(value)) return `${where}${p_l < 1 ? burst : ""}\nnot defined: too few frames arrive`;
    const sign = (n) => (picture.signed && n > 0 ? "+" : "") + n.toFixed(2).replace("-", "−");
    const interval = Number.isNaN(cells.low[at]) ? "" : ` (95 %: ${sign(cells.low[at])} to ${sign(cells.high[at])})`;
    return `${where}${p_l < 1 ? burst : ""}\n${picture.what} ${sign(value)}${interval}`;
  }

  point(entry, event) {
    const cell = this.under(entry, event);
    if (cell) this.tell(entry, cell); else this.find(".tip").hidden = true;
  }

  tell(entry, cell) {
    const tip = this.find(".tip"), box = entry.board.getBoundingClientRect(), mine = this.root.getBoundingClientRect();
    tip.textContent = this.words(entry, cell);
    tip.hidden = false;
    const [x, y] = entry.frame.at(cell.column, cell.row);
    const left = box.left - mine.left + x - tip.offsetWidth / 2;
    tip.style.left = `${Math.max(0, Math.min(mine.width - tip.offsetWidth, left))}px`;
    tip.style.top = `${box.top - mine.top + y - tip.offsetHeight - 8}px`;
  }

  key(entry, event) {
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const step = steps[event.key];
    if (event.key === "Escape") { this.sound.stop(); this.showSound(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || !(step || event.key === "Enter" || event.key === " ")) return;
    event.preventDefault();
    this.cursor ??= this.nearest();
    if (step) {
      const within = (n, most) => Math.min(most - 1, Math.max(0, n));
      this.cursor = { column: within(this.cursor.column + step[0], this.view.columns), row: within(this.cursor.row + step[1], this.view.rows) };
      this.tell(entry, this.cursor);
      this.say(this.words(entry, this.cursor));
      this.redraw();
    } else this.take(entry, this.cursor);
  }

  // The cell nearest to the channel in hand.
  nearest() {
    const round = (share, count) => Math.round(Math.min(1, Math.max(0, share)) * (count - 1));
    const [x, y] = this.placeOf(this.chosen);
    return { column: round(x, this.view.columns), row: round(y, this.view.rows) };
  }

  take(entry, cell) {
    const { p_n, p_l } = this.channelOf(cell);
    const again = this.sound.playing && this.chosen.p_n === p_n && this.chosen.p_l === p_l;
    this.chosen = { p_n, p_l };
    this.redraw();
    this.tell(entry, cell);
    if (again) this.sound.stop(); else this.play();
    const plays = this.sound.playing ? " It plays." : "";
    this.say(`${entry.picture.title}. ${this.words(entry, cell)}.${plays}`);
    this.showSound();
    this.setStateValue("chosen", { p_n, p_l });
  }

  play() {
    if (!this.audio) return;
    this.sound.setReceived(receivedFromBits(this.bits, this.chosen.p_n, this.chosen.p_l), FRAME_SECONDS, false, null);
    this.sound.start(0);
  }

  say(words) { this.find(".said").textContent = words.replace("\n", ". "); }
  showSound() { this.find(".stop").hidden = !this.sound.playing; }

  look(name) {
    this.viewName = name;
    this.cursor = null;
    for (const button of this.root.querySelectorAll(".choice button")) {
      const mine = button.dataset.view === name;
      button.setAttribute("aria-checked", String(mine));
      button.tabIndex = mine ? 0 : -1;
    }
    this.say(this.view.sentence);
    this.redraw();
  }

  save({ canvas, row, picture }) {
    const link = element("a", { download: `${row.title} ${picture.title}.png`.replaceAll(/[^\w.]+/g, "_"), href: canvas.toDataURL() });
    link.click();
  }

  close() {
    this.leave.abort();
    this.watcher.disconnect();
    this.sound.close();
  }
}

export default function (component) {
  const root = component.parentElement.querySelector(".planes");
  if (!boards.has(root)) boards.set(root, new Planes(root));
  const planes = boards.get(root);
  root.planes = planes; // for who looks from outside
  planes.update(component);
  return () => { planes.close(); boards.delete(root); };
}
