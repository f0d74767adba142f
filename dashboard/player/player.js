// Sliders, chain, picture and sound in one place: a move of a slider is seen and heard at once, and Python is told
// when the slider is let go.

const players = new WeakMap();
const percent = (share) => `${Math.round(share * 100)}\u00a0%`;

class LossPlayer {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.sent = [];
    this.sound = new Sound(() => this.showTransport());
    this.leave = new AbortController();
    this.listen();
  }

  on(target, event, action) { target.addEventListener(event, action, { signal: this.leave.signal }); }

  listen() {
    for (const name of ["p-n", "p-l"]) {
      const slider = this.find(`input.${name}`);
      this.on(slider, "input", () => { this.dragging = true; this.readSliders(); });
      this.on(slider, "change", () => { this.dragging = false; this.readSliders(); this.report(); });
    }
    this.on(this.find(".play"), "click", () => this.togglePlay());
    this.on(this.find(".new"), "click", () => this.newSeed());
    this.on(this.find(".seed"), "change", (event) => this.setSeed(Number(event.target.value)));
    for (const button of this.root.querySelectorAll(".ab button")) {
      this.on(button, "click", () => this.setVersion(button.dataset.value));
    }
    for (const button of this.root.querySelectorAll(".heard button")) {
      this.on(button, "click", () => { this.choice.heard = button.dataset.value; this.redraw(); this.report(); });
    }
    const wave = this.find(".wave");
    this.on(wave, "pointerdown", (event) => {
      const box = wave.getBoundingClientRect();
      this.sound.seek(((event.clientX - box.left) / box.width) * this.sound.length);
      this.showTime();
    });
    this.on(document, "keydown", (event) => this.key(event));
    this.on(globalThis, "sercore-clip", () => this.takeSound());
    this.watcher = new ResizeObserver(() => { this.base = null; this.redraw(); });
    this.watcher.observe(wave);
  }

  // New data from Python. An echo of what was reported here must not undo what was moved since.
  update({ data, setStateValue }) {
    this.setStateValue = setStateValue;
    const coloursChanged = JSON.stringify(data.colours) !== JSON.stringify(this.data?.colours);
    const clipChanged = data.clip !== this.data?.clip;
    this.data = data;
    const choice = { p_n: data.p_n, p_l: data.p_l, seed: data.seed, heard: data.heard };
    const echo = this.sent.indexOf(JSON.stringify(choice));
    if (echo >= 0) this.sent.splice(0, echo + 1);
    else if (!this.dragging) this.choice = choice;
    if (this.choice.seed === data.seed) {
      const bytes = Uint8Array.from(atob(data.bits), (letter) => letter.charCodeAt(0));
      this.bits = new Uint32Array(bytes.buffer);
    }
    this.root.style.setProperty("--kept", data.colours.clean);
    this.root.style.setProperty("--lost", data.colours.lost);
    this.root.style.setProperty("--kept-solid", "#0072B2");
    this.root.style.setProperty("--lost-solid", "#D55E00");
    if (!this.find(".presets").childElementCount) this.addPresets();
    if (clipChanged) { this.sound.stop(); this.audio = null; this.base = null; this.takeSound(); }
    if (coloursChanged) this.base = null;
    this.redraw();
  }

  takeSound() {
    const clip = globalThis.sercoreClip;
    if (!this.data || clip?.name !== this.data.clip || this.audio === clip.audio) return;
    this.audio = clip.audio;
    this.loudest = clip.audio.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3) * 1.05;
    this.sound.load(clip.audio);
    this.base = null;
    this.redraw();
  }

  addPresets() {
    let group = null;
    for (const preset of this.data.presets) {
      if (preset.group !== group) {
        group = preset.group;
        const title = document.createElement("span");
        title.textContent = group;
        this.find(".presets").append(title);
      }
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = preset.name;
      button.title = preset.meaning;
      Object.assign(button.dataset, { pN: preset.p_n, pL: preset.p_l });
      this.on(button, "click", () => {
        this.choice = { ...this.choice, p_n: preset.p_n, p_l: preset.p_l };
        this.redraw();
        this.report();
      });
      this.find(".presets").append(button);
    }
  }

  readSliders() {
    this.choice.p_n = Number(this.find("input.p-n").value);
    this.choice.p_l = Number(this.find("input.p-l").value);
    this.redraw();
  }

  newSeed() { this.setSeed(1 + Math.floor(Math.random() * 9999)); }

  // The numbers of another seed come from Python, so that both sides draw the same losses.
  setSeed(seed) {
    if (!Number.isInteger(seed) || seed < 0 || seed > 2147483647) { this.showTransport(); return; }
    this.choice.seed = seed;
    this.showTransport();
    this.report();
  }

  setVersion(version) { this.sound.setVersion(version); this.showTransport(); }

  togglePlay() {
    if (this.sound.playing) this.sound.stop(); else this.sound.start(this.sound.resting);
    this.showTransport();
  }

  report() {
    this.sent.push(JSON.stringify(this.choice));
    this.setStateValue("choice", { ...this.choice });
  }

  key(event) {
    const target = event.composedPath()[0];
    if (event.ctrlKey || event.metaKey || event.altKey || !this.audio) return;
    if (target.matches?.("input:not([type=range]), textarea, select, [contenteditable], [role=combobox]")) return;
    const pressable = target.matches?.("button, a, summary, [role=button], [role=tab]");
    const slides = target.matches?.("input[type=range], [role=slider]:not(.wave), [role=radio]");
    const second = (step) => { this.sound.seek(this.sound.position() + step); this.showTime(); };
    const actions = {
      " ": pressable ? null : () => this.togglePlay(),
      b: () => this.setVersion(this.sound.version === "original" ? "received" : "original"),
      n: () => this.newSeed(),
      ArrowLeft: slides ? null : () => second(-1),
      ArrowRight: slides ? null : () => second(1),
    };
    const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  redraw() {
    if (!this.bits || !this.choice) return;
    const before = performance.now();
    const { p_n: pN, p_l: pL, heard } = this.choice;
    this.received = receivedFromBits(this.bits, pN, pL);
    this.drawWave();
    this.showChannel(pN, pL);
    if (this.audio) this.sound.setReceived(this.received, heard);
    this.showTransport();
    this.root.dataset.redrawMs = (performance.now() - before).toFixed(1);
  }

  drawWave() {
    const canvas = this.find("canvas");
    const width = canvas.clientWidth;
    if (!width) return;
    const ratio = globalThis.devicePixelRatio || 1;
    const colours = this.data.colours;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round((WAVE_HEIGHT + AXIS_HEIGHT) * ratio);
    const pen = canvas.getContext("2d");
    if (this.audio) {
      this.base ??= drawBase(this.audio, width, ratio, colours, this.loudest);
      pen.drawImage(this.base, 0, 0);
    }
    drawLost(pen, this.received, canvas.width, ratio, colours);
    const font = getComputedStyle(this.root).fontFamily;
    drawAxis(pen, canvas, this.bits.length * FRAME_SECONDS, this.data.start, ratio, colours, font);
  }

  showChannel(pN, pL) {
    const frames = this.received.length;
    const lost = frames - this.received.reduce((sum, bit) => sum + bit, 0);
    const burst = pL === 1 ? null : 1 / (1 - pL);
    const write = (selector, text) => { this.find(selector).textContent = text; };
    this.find("input.p-n").value = pN;
    this.find("input.p-l").value = pL;
    for (const [name, value] of [["p-n", pN], ["p-l", pL]]) write(`output.${name}`, value.toFixed(2));
    for (const [name, value] of [["stay-n", pN], ["to-l", 1 - pN], ["stay-l", pL], ["to-n", 1 - pL]]) {
      write(`.p.${name}`, value.toFixed(2));
      this.find(`.arrow.${name}`).style.strokeWidth = 0.6 + 5 * value;
      this.find(`.arrow.${name}`).style.opacity = value === 0 ? 0.15 : 1;
    }
    write(".expected", percent(lossRate(pN, pL)));
    write(".drawn", percent(lost / frames));
    write(".burst", burst === null ? "never ends" : `${Math.round(burst * 200).toLocaleString("en")} ms`);
    write(".environment", environmentName(pN, pL));
    write(".summary", this.summary(lost, frames));
    for (const button of this.root.querySelectorAll(".presets button")) {
      const chosen = Number(button.dataset.pN) === pN && Number(button.dataset.pL) === pL;
      button.setAttribute("aria-pressed", chosen);
    }
  }

  summary(lost, frames) {
    const bursts = lostRuns(this.received).length;
    if (!lost) return `All ${frames} frames arrive in this draw.`;
    const many = `${bursts} ${bursts === 1 ? "burst" : "bursts"}`;
    return `${lost} of ${frames} frames are lost in this draw, in ${many}; one frame is 200 ms. Hatched is lost.`;
  }

  showTransport() {
    const play = this.find(".play");
    play.disabled = !this.audio;
    play.textContent = !this.audio ? "Sound is on its way …" : this.sound.playing ? "❚❚  Pause" : "▶  Play";
    const check = (selector, value) => {
      for (const button of this.root.querySelectorAll(`${selector} button`)) {
        button.setAttribute("aria-checked", button.dataset.value === value);
      }
    };
    check(".ab", this.sound.version);
    check(".heard", this.choice.heard);
    if (this.root.getRootNode().activeElement !== this.find(".seed")) this.find(".seed").value = this.choice.seed;
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
    const frame = Math.min(this.received.length - 1, Math.floor(seconds / FRAME_SECONDS + 1e-6));
    this.find(".token").style.transform = `translateX(${this.received[frame] ? 88 : 212}px)`;
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
