// Sliders, chain, picture and sound in one place: a move of a slider is seen and heard at once, and Python is told
// when the slider is let go.

const players = new WeakMap();
const VERSION_HEARD = { silence: "received", removed: "concealed" }; // as addresses have always called them

class LossPlayer {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.sent = [];
    this.sound = new Sound(() => this.showTransport());
    this.leave = new AbortController();
    this.find(".seed").max = LARGEST_SEED;
    this.listen();
  }

  get packetSeconds() { return this.data.packet_ms / 1000; }

  on(target, event, action) { target.addEventListener(event, action, { signal: this.leave.signal }); }

  listen() {
    for (const name of ["p-n", "p-l"]) {
      const slider = this.find(`input.${name}`);
      this.on(slider, "pointerdown", () => { this.before = { ...this.choice }; });
      this.on(slider, "pointercancel", () => { this.dragging = false; this.choose(this.before); }); // it scrolled
      this.on(slider, "input", () => { this.dragging = true; this.readSliders(); });
      this.on(slider, "change", () => { this.dragging = false; this.readSliders(); this.report(); });
    }
    this.on(this.find(".play"), "click", () => this.togglePlay());
    this.on(this.find(".new"), "click", () => this.newSeed());
    this.on(this.find(".seed"), "change", (event) => this.setSeed(Number(event.target.value)));
    for (const button of this.root.querySelectorAll(".ab button")) {
      this.on(button, "click", () => this.setVersion(button.dataset.value));
    }
    this.on(this.find(".given select"), "change", (event) => this.choose({ given: event.target.value }));
    const wave = this.find(".wave");
    this.on(wave, "click", (event) => { // which a finger that scrolls is not
      const box = wave.getBoundingClientRect();
      this.sound.seek(((event.clientX - box.left) / box.width) * this.sound.length);
      this.showTime();
    });
    this.on(document, "keydown", (event) => this.key(event));
    this.on(globalThis, "sercore-sound", () => this.takeSound());
    this.on(globalThis, "sercore-back", () => { if (!this.settled) this.report(); }); // the server was away
    this.on(globalThis, "sercore-curves", () => this.drawPicture());
    this.watcher = new ResizeObserver(() => { this.base = null; this.drawPicture(); });
    this.watcher.observe(wave);
  }

  // New data from Python. An echo of what was reported here must not undo what was moved since.
  update({ data, setStateValue }) {
    this.setStateValue = setStateValue;
    const coloursChanged = JSON.stringify(data.colours) !== JSON.stringify(this.data?.colours);
    const clipChanged = data.clip !== this.data?.clip;
    this.data = data;
    const choice = { p_n: data.p_n, p_l: data.p_l, seed: data.seed, heard: data.heard, given: data.given };
    const echo = this.sent.indexOf(JSON.stringify(choice));
    if (echo >= 0) this.sent.splice(0, echo + 1);
    else if (!this.dragging) this.take(choice);
    if (this.choice.seed === data.seed) {
      const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      this.bits = new Uint32Array(bytes(data.bits).buffer);
      this.drawn = data.received ? bytes(data.received) : null; // of a loss model that only Python knows
    }
    for (const [name, colour] of [["kept", "clean"], ["lost", "lost"], ["gold", "gold"], ["after", "received"]]) {
      this.root.style.setProperty(`--${name}`, data.colours[colour]);
    }
    if (!this.find(".presets").childElementCount) {
      addPresets(this.root, data.presets, (preset) => this.choose({ p_n: preset.p_n, p_l: preset.p_l }));
      addReceivers(this.root, data.receivers);
    }
    hideControls(this.root, data.hidden);
    if (clipChanged) { this.sound.load(null); this.audio = null; this.base = null; this.takeSound(); }
    if (coloursChanged) this.base = null;
    this.root.classList.toggle("follows", Boolean(data.curves));
    this.redraw();
  }

  // What a link or the page chose; one that cuts out what is lost opens with the version that does.
  take(choice) {
    if (choice.heard !== this.choice?.heard) this.sound.setVersion(VERSION_HEARD[choice.heard]);
    this.choice = choice;
  }

  // Whether Python knows of all that was moved here.
  get settled() {
    return !this.dragging && ["p_n", "p_l", "seed", "given"].every((name) => this.choice[name] === this.data[name]);
  }

  takeSound() {
    const clip = globalThis.sercoreSounds?.clip;
    if (!this.data) return;
    if (clip?.name !== this.data.clip) { if (this.received) this.showTransport(); return; } // a part of it came
    if (this.audio === clip.audio) { this.redraw(); return; } // it may be what a receiver made of it that came
    this.audio = clip.audio;
    this.loudest = clip.audio.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3) * 1.05;
    this.sound.load(clip.audio);
    this.base = null;
    this.redraw();
  }

  choose(what) {
    this.choice = { ...this.choice, ...what };
    this.redraw();
    this.report();
  }

  readSliders() {
    this.choice.p_n = Number(this.find("input.p-n").value);
    this.choice.p_l = Number(this.find("input.p-l").value);
    this.redraw();
  }

  newSeed() { this.setSeed(1 + Math.floor(Math.random() * 9999)); }

  // The numbers of another seed come from Python, so that both sides draw the same losses.
  setSeed(seed) {
    if (!Number.isInteger(seed) || seed < 0 || seed > LARGEST_SEED) { this.showTransport(); return; }
    this.choose({ seed });
  }

  // B and C are a choice that outlasts the page; A is a look back.
  setVersion(version) {
    this.sound.setVersion(version);
    const heard = Object.keys(VERSION_HEARD).find((name) => VERSION_HEARD[name] === version) ?? this.choice.heard;
    if (heard !== this.choice.heard) this.choose({ heard }); else this.showTransport();
  }

  togglePlay() {
    if (this.sound.playing) this.sound.stop(); else this.sound.start(this.sound.resting);
    this.showTransport();
  }

  report() {
    this.sent = [...this.sent.slice(-20), JSON.stringify(this.choice)];
    this.reports = (this.reports ?? 0) + 1; // what was said before in vain is said anew
    this.setStateValue("choice", { ...this.choice, reports: this.reports });
  }

  key(event) {
    const target = event.composedPath()[0];
    if (event.ctrlKey || event.metaKey || event.altKey || !this.audio) return;
    if (target.matches?.("input:not([type=range]), textarea, select, [contenteditable], [role=combobox]")) return;
    if (this.moveInGroup(target, event.key)) { event.preventDefault(); return; }
    const pressable = target.matches?.("button, a, summary, audio, video, [role=button], [role=tab]");
    const slides = target.matches?.("input[type=range], audio, video, [role=slider]:not(.wave), [role=radio]");
    const second = (step) => { this.sound.seek(this.sound.position() + step); this.showTime(); };
    const actions = {
      " ": pressable ? null : () => this.togglePlay(),
      b: () => this.setVersion(this.sound.version === "original" ? VERSION_HEARD[this.choice.heard] : "original"),
      c: () => this.setVersion("concealed"),
      n: this.data.hidden.includes("seed") ? null : () => this.newSeed(),
      ArrowLeft: slides ? null : () => second(-1),
      ArrowRight: slides ? null : () => second(1),
    };
    const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  // As in any group of radio buttons, arrows choose the next one.
  moveInGroup(target, key) {
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[key];
    if (!step || !this.root.contains(target) || !target.matches("[role=radio]")) return false;
    const group = [...target.parentElement.querySelectorAll("[role=radio]")];
    const next = group[(group.indexOf(target) + step + group.length) % group.length];
    next.focus();
    next.click();
    return true;
  }

  redraw() {
    if (!this.bits || !this.choice) return;
    const before = performance.now();
    const { p_n: pN, p_l: pL, given } = this.choice;
    this.received = this.drawn ?? receivedFromBits(this.bits, pN, pL);
    this.drawPicture();
    const awaited = this.choice.seed === this.data.seed ? null : this.choice.seed;
    showChannel(this.root, pN, pL, this.received, this.data.packet_ms, awaited);
    const receiver = this.data.receivers.find(({ name }) => name === given);
    if (this.audio) this.sound.setReceived(this.received, this.packetSeconds, receiver.cuts_out, this.concealed);
    this.showTransport();
    this.root.dataset.redrawMs = (performance.now() - before).toFixed(1);
  }

  // What a receiver made of exactly these losses, once Python has sent it.
  get concealed() {
    const sent = globalThis.sercoreSounds?.concealed;
    return this.settled && sent?.name === this.data.concealed ? sent.audio : null;
  }

  // Waveform, losses and curves over one time axis.
  drawPicture() {
    const canvas = this.find("canvas");
    const width = canvas.clientWidth;
    if (!width || !this.received) return;
    const ratio = globalThis.devicePixelRatio || 1;
    const { seconds, start, colours } = this.data;
    const curves = this.takeCurves();
    const heights = heightsFor(width, curves?.dimensions.length ?? 0);
    canvas.style.height = `${heights.all}px`;
    this.find(".playhead").style.height = `${heights.axis}px`;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(heights.all * ratio);
    const pen = canvas.getContext("2d");
    if (this.audio) {
      this.base ??= drawBase(this.audio, width, heights.wave, ratio, colours, this.loudest);
      pen.drawImage(this.base, 0, 0);
    }
    drawLost(pen, this.received, canvas.width, heights.axis, seconds, this.packetSeconds, ratio, colours);
    if (curves) {
      const upToDate = this.settled && curves.of === this.data.curves.of;
      drawCurves(pen, curves.dimensions, heights, canvas.width, ratio, colours, upToDate);
      labelCurves(this.root, curves, heights, upToDate ? "" : this.data.curves.awaited);
    }
    const font = getComputedStyle(this.root).fontFamily;
    drawAxis(pen, canvas, heights, seconds, start, ratio, colours, font);
  }

  // The latest curves, old ones too; empty bands before the first, none on pages that follow no network.
  takeCurves() {
    if (!this.data.curves) return null;
    const sent = globalThis.sercoreCurves;
    if (sent && sent !== this.sentCurves) { this.sentCurves = sent; this.curves = readCurves(sent); }
    const other = this.curves?.clip !== this.data.clip;
    return other ? { of: "", dimensions: this.data.curves.dimensions.map((name) => ({ name, courses: {} })) } : this.curves;
  }

  showTransport() {
    if (!this.choice) return;
    const coming = globalThis.sercoreComing?.clip;
    showButtons(this.root, this.sound, this.choice, coming?.name === this.data.clip ? coming.share : 0);
    this.showTime();
    if (this.sound.playing && !this.ticking) this.tick();
  }

  tick() {
    this.ticking = this.sound.playing && !this.leave.signal.aborted;
    if (!this.ticking) return;
    this.showTime();
    requestAnimationFrame(() => this.tick());
  }

  showTime() {
    const seconds = this.sound.position();
    const wave = this.find(".wave");
    const share = this.sound.length ? seconds / this.sound.length : 0;
    this.find(".playhead").style.transform = `translateX(${share * Math.max(0, wave.clientWidth - 2)}px)`;
    wave.setAttribute("aria-valuemax", this.sound.length.toFixed(0));
    wave.setAttribute("aria-valuenow", seconds.toFixed(1));
    wave.setAttribute("aria-valuetext", `${seconds.toFixed(1)} of ${this.sound.length.toFixed(0)} seconds`);
    const packet = Math.min(this.received.length - 1, Math.floor(seconds / this.packetSeconds + 1e-6));
    this.find(".token").style.transform = `translateX(${this.received[packet] ? 88 : 212}px)`;
  }

  close() {
    this.leave.abort();
    this.watcher.disconnect();
    this.sound.close();
  }
}

export default function (component) {
  const host = component.parentElement;
  const root = host.querySelector(".player");
  if (!root) return;
  let player = players.get(root);
  if (!player) { player = new LossPlayer(root); players.set(root, player); }
  player.update(component);
  return () => { player.close(); players.delete(root); };
}
