// The page's one thing that runs: microphone, connection, picture and replay; Python is told what was chosen.

const rooms = new WeakMap();
const PATIENCE = 100; // ms between two changes that are sent while a slider moves

class LiveRoom {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.history = new History();
    this.replay = new Replay(() => this.showReplay());
    this.leave = new AbortController();
    this.sent = [];
    this.listen();
  }

  on(target, event, action) { target.addEventListener(event, action, { signal: this.leave.signal }); }

  listen() {
    for (const name of ["p-n", "p-l"]) {
      const slider = this.find(`input.${name}`);
      this.on(slider, "input", () => { this.dragging = true; this.readSliders(); });
      this.on(slider, "change", () => { this.dragging = false; this.readSliders(); this.report(); });
    }
    this.on(this.find(".start"), "click", () => { if (this.connection || this.microphone) this.stop(); else this.start(); });
    this.on(this.find(".play"), "click", () => this.togglePlay());
    for (const [place, button] of [...this.root.querySelectorAll(".ab button")].entries()) {
      this.on(button, "click", () => this.setVersion(button));
      this.on(button, "keydown", (event) => { // as in any group of radio buttons
        if (event.key.startsWith("Arrow")) this.setVersion(this.root.querySelectorAll(".ab button")[1 - place]);
      });
    }
    for (const name of ["given", "setting"]) {
      const choice = this.find(`.${name} select`);
      this.on(choice, "change", () => this.choose({ [name]: choice.value }));
    }
    this.watcher = new ResizeObserver(() => this.draw());
    this.watcher.observe(this.find("canvas"));
    this.on(this.find(".source select"), "change", () => this.getReady());
    this.getReady();
    Microphone.permission().then((permission) => this.heed(permission));
    this.find(".hint").textContent = SAY.replay;
    this.on(matchMedia("(prefers-color-scheme: dark)"), "change", () => setTimeout(() => this.draw(), PATIENCE));
    this.showReplay();
  }

  // Whose microphone is heard, "browser" or "machine".
  get source() { return this.data?.machine ? this.find(".source select").value : "browser"; }

  // What the visitor allows this page, or takes from it, while nobody speaks.
  heed(permission) {
    this.permission = permission;
    const again = () => { if (!this.connection && !this.microphone) this.getReady(); };
    if (permission) this.on(permission, "change", again);
    again();
  }

  getReady() {
    const refusal = this.source === "browser" ? Microphone.refusal(this.permission) : null;
    this.find(".start").disabled = refusal !== null;
    this.tell(refusal ?? SAY.ready[this.source], refusal ? "refused" : "ready");
  }

  // New data from Python. An echo of what was reported here must not undo what was moved since.
  update({ data, setStateValue }) {
    this.setStateValue = setStateValue;
    this.data = data;
    const choice = { p_n: data.p_n, p_l: data.p_l, given: data.given, setting: data.setting };
    const echo = this.sent.indexOf(JSON.stringify(choice));
    if (echo >= 0) this.sent.splice(0, echo + 1);
    else if (!this.dragging) this.choice = choice;
    for (const [name, options] of [["given", data.receivers], ["setting", data.networks]]) {
      const made = options.map(({ name: value, title, meaning }) => Object.assign(new Option(title, value), { title: meaning }));
      this.find(`.${name} select`).replaceChildren(...made);
    }
    for (const [name, part] of [["channel", ".sliders"], ["given", ".given"], ["setting", ".setting"]]) {
      this.find(part).toggleAttribute("hidden", data.hidden.includes(name));
    }
    this.find(".source").toggleAttribute("hidden", !data.machine);
    this.show();
  }

  choose(what) {
    this.choice = { ...this.choice, ...what };
    this.show();
    this.change();
    this.report();
  }

  readSliders() {
    this.choice.p_n = Number(this.find("input.p-n").value);
    this.choice.p_l = Number(this.find("input.p-l").value);
    this.show();
    this.soon ??= setTimeout(() => { this.soon = null; this.change(); }, PATIENCE);
  }

  report() {
    this.sent = [...this.sent.slice(-20), JSON.stringify(this.choice)];
    this.setStateValue("choice", { ...this.choice });
  }

  // What the feed is asked for.
  get wanted() {
    const { p_n: pN, p_l: pL, given, setting } = this.choice;
    const channel = `gilbert:p_n=${pN},p_l=${pL},packet_ms=${this.data.packet_ms}`;
    return { channel, receiver: given, recogniser: setting };
  }

  change() { this.connection?.say({ type: "change", ...this.wanted }); }

  async start() {
    this.replay.forget();
    this.history = new History();
    delete this.root.dataset.answers;
    this.find(".play").disabled = true;
    this.showReplay();
    if (this.source === "browser" && !(await this.openMicrophone())) return;
    if (this.source === "machine") this.tell(SAY.opening, "asking");
    this.connection = new Connection(this.source, { ...this.wanted, clean: true }, {
      waiting: (ahead) => this.tell(ahead === 1 ? SAY.next : SAY.waiting.replace("{}", ahead), "waiting"),
      begun: (settings) => { this.settings = settings; this.tell(SAY.speak, "running"); },
      said: (block) => { this.history.send(block); this.showLevel(block); },
      predicted: (message) => this.predicted(message),
      over: (end) => this.end(end),
    });
  }

  // Whether the browser has given it, and nobody has pressed Stop meanwhile.
  async openMicrophone() {
    this.tell(SAY.asking, "asking");
    const microphone = this.microphone = new Microphone();
    try {
      await microphone.open((block) => this.hear(block), () => this.stop());
    } catch (error) {
      this.end({ problem: whyNoMicrophone(error) });
      return false;
    }
    return this.microphone === microphone;
  }

  hear(block) {
    if (this.connection?.send(block)) this.history.send(block);
    this.showLevel(block);
  }

  predicted({ time, arousal, valence, clean, band, packets, behind }) {
    this.history.arrive(packets);
    this.history.predict(time, clean && [clean.arousal, clean.valence], [arousal, valence],
      band && [band.arousal, band.valence]);
    const late = this.history.now - time;
    this.root.dataset.late = late.toFixed(2);
    this.root.dataset.answers = this.history.courses.length;
    this.tell(behind > 1 ? SAY.behind.replace("{}", behind.toFixed(1)) : SAY.speak, "running");
    this.show();
  }

  stop() {
    this.microphone?.close();
    if (this.connection) this.connection.stop(); else this.end({});
  }

  // However it came to an end.
  end({ problem, last, sound }) {
    this.microphone?.close();
    this.microphone = this.connection = null;
    this.showLevel(null);
    this.tell(problem ?? (this.history.samples ? SAY.over : SAY.ready[this.source]), problem ? "failed" : "ready");
    if (last && sound) this.takeReplay(last, sound);
    this.show();
  }

  takeReplay({ packets }, sound) {
    const original = this.history.audio();
    const seconds = packets.packet_ms / 1000;
    const first = this.history.samples - original.length; // of those that are still here
    const skip = Math.max(0, Math.ceil((first / SAMPLE_RATE - packets.start) / seconds - 1e-9)); // packets that are not
    const received = Uint8Array.from(packets.received.slice(skip), Number);
    const begins = Math.round((packets.start + skip * seconds) * SAMPLE_RATE) - first;
    const said = original.slice(begins, begins + Math.round(received.length * seconds * SAMPLE_RATE));
    const shorter = this.settings.shorter;
    const early = shorter ? [...packets.received.slice(0, skip)].filter((one) => one === "1").length : skip;
    const made = Float32Array.from(sound.subarray(Math.round(early * seconds * SAMPLE_RATE)), (value) => value / 32768);
    this.replay.take(said, made, received, seconds, shorter);
    this.replayBegins = packets.start + skip * seconds;
    this.find(".play").disabled = this.replay.empty;
  }

  setVersion(button) {
    this.replay.setVersion(button.dataset.value);
    button.focus();
    this.showReplay();
  }

  togglePlay() {
    if (this.replay.playing) this.replay.stop(); else this.replay.start();
    this.showReplay();
  }

  showReplay() {
    const play = this.find(".play");
    play.textContent = this.replay.playing ? "❚❚\u2002Pause" : "▶\u2002Play";
    for (const button of this.root.querySelectorAll(".ab button")) {
      const chosen = button.dataset.value === this.replay.version;
      button.setAttribute("aria-checked", chosen);
      button.tabIndex = chosen ? 0 : -1;
    }
    this.draw();
    if (!this.replay.playing || this.ticking) return;
    const tick = () => {
      this.ticking = this.replay.playing && !this.leave.signal.aborted;
      this.draw();
      if (this.ticking) requestAnimationFrame(tick);
    };
    this.ticking = true;
    requestAnimationFrame(tick);
  }

  showLevel(block) {
    const loudest = block ? block.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 32768 : 0;
    const level = Math.max(-60, 20 * Math.log10(loudest || 1e-9));
    this.find(".level").setAttribute("aria-valuenow", level.toFixed(0));
    this.find(".level i").style.transform = `scaleX(${1 + level / 60})`;
  }

  tell(words, state) {
    const place = this.find(".state");
    if (place.textContent !== words) place.textContent = words;
    this.root.dataset.state = state;
    const running = ["asking", "waiting", "running"].includes(state);
    const start = this.find(".start");
    start.dataset.running = running;
    this.find(".source select").disabled = running;
    start.textContent = running ? "■\u2002Stop" : "●\u2002Speak";
  }

  show() {
    if (!this.choice) return;
    const write = (selector, text) => { this.find(selector).textContent = text; };
    for (const [name, value] of [["p-n", this.choice.p_n], ["p-l", this.choice.p_l]]) {
      this.find(`input.${name}`).value = value;
      write(`output.${name}`, value.toFixed(2));
    }
    for (const name of ["given", "setting"]) this.find(`.${name} select`).value = this.choice[name];
    write(".expected", percent(lossRate(this.choice.p_n, this.choice.p_l)));
    const last = this.history.courses.at(-1);
    write(".lost", last ? percent(this.history.lost) : "–");
    const said = ["arousal", "valence"].map((_, place) => (last ? last.received[place].toFixed(2).replace("-", "−") : "–"));
    write(".arousal", said[0]);
    write(".valence", said[1]);
    if (last) {
      this.find("canvas").setAttribute("aria-label", `The last ${WINDOW} seconds: ${percent(this.history.lost)} lost, ` +
        `arousal ${said[0]}, valence ${said[1]} after loss`);
    }
    this.draw();
  }

  // Of the theme as it is now, which may change while it runs.
  get colours() {
    const letters = getComputedStyle(this.root).color.match(/\d+/g).slice(0, 3).map(Number);
    return this.data.palettes[Math.max(...letters) > 127 ? "dark" : "light"];
  }

  draw() {
    if (!this.data) return;
    const colours = this.colours;
    this.root.style.setProperty("--kept", colours.clean);
    this.root.style.setProperty("--lost", colours.lost);
    this.root.style.setProperty("--ribbon", colours.ribbon);
    this.find(".key.likely").toggleAttribute("hidden", !this.history.courses.some(({ band }) => band));
    const mark = this.replay.playing || this.replay.resting > 0 ? this.replayBegins + this.replay.position() : null;
    drawStrips(this.find("canvas"), this.history, colours, getComputedStyle(this.root).fontFamily, mark);
  }

  close() {
    this.leave.abort();
    clearTimeout(this.soon);
    this.watcher.disconnect();
    this.replay.close();
    this.microphone?.close();
    this.connection?.end(null);
  }
}

const percent = (share) => `${Math.round(share * 100)}\u00a0%`;

export default function (component) {
  const root = component.parentElement.querySelector(".live");
  if (!root) return;
  let room = rooms.get(root);
  if (!room) { room = new LiveRoom(root); rooms.set(root, room); }
  room.update(component);
  return () => { room.close(); rooms.delete(root); };
}
