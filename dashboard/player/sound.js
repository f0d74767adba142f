// What is heard: A the original, B what arrives, C what a receiver makes of it; it switches between them in mid-word.

// The samples of version B, equal to Python's: holes are silent, or cut out. The last packet may stick out.
function renderReceived(audio, received, cutOut, packetSeconds = FRAME_SECONDS) {
  const size = Math.round(packetSeconds * SAMPLE_RATE);
  const out = audio.slice();
  if (!cutOut) {
    for (const [first, end] of lostRuns(received)) out.fill(0, first * size, end * size);
    return out;
  }
  let at = 0;
  for (let packet = 0; packet < received.length; packet++) {
    if (!received[packet]) continue;
    const sound = audio.subarray(packet * size, (packet + 1) * size);
    out.set(sound, at);
    at += sound.length;
  }
  return out.slice(0, at);
}

class Sound {
  constructor(onEnd) {
    this.onEnd = onEnd;
    this.audio = null;
    this.received = new Uint8Array(0);
    this.cutsOut = false; // what the receiver of version C does
    this.concealed = null; // the samples of version C, where a receiver fills holes and Python has computed it
    this.version = "received"; // the first press on play sounds what the sliders do
    this.packetSeconds = FRAME_SECONDS;
    this.resting = 0; // seconds in the recording while nothing plays
  }

  get playing() { return Boolean(this.source); }
  get length() { return this.audio ? this.audio.length / SAMPLE_RATE : 0; }

  load(audio) {
    this.release();
    this.audio = audio;
    this.buffers = {};
    this.resting = 0;
  }

  // Seconds in the recording, whichever version sounds.
  position() {
    if (!this.source) return this.resting;
    const played = this.offset + Math.max(0, this.context.currentTime - this.startedAt);
    return Math.min(this.length, this.toRecording(played));
  }

  get empty() { return Boolean(this.audio) && this.cut && !this.kept?.length; }
  get cut() { return this.version === "concealed" && this.cutsOut; }

  // In the cut version time runs over the kept packets only.
  toRecording(played) {
    if (!this.cut) return played;
    const each = this.packetSeconds, index = Math.floor(played / each);
    return index < this.kept.length ? this.kept[index] * each + played - index * each : this.length;
  }

  toVersion(seconds) {
    if (!this.cut) return seconds;
    const each = this.packetSeconds, packet = Math.floor(seconds / each + 1e-9);
    let before = 0;
    while (before < this.kept.length && this.kept[before] < packet) before++;
    const inside = this.kept[before] === packet ? seconds - packet * each : 0;
    return before * each + inside;
  }

  bufferOf(version) {
    if (!this.buffers[version]) {
      const samples = this.samplesOf(version);
      if (!samples.length) return null;
      const buffer = this.context.createBuffer(1, samples.length, SAMPLE_RATE);
      buffer.copyToChannel(samples, 0);
      this.buffers[version] = buffer;
    }
    return this.buffers[version];
  }

  samplesOf(version) {
    if (version === "original") return this.audio;
    if (version === "concealed" && this.concealed) return this.concealed;
    const cutOut = version === "concealed" && this.cutsOut;
    return renderReceived(this.audio, this.received, cutOut, this.packetSeconds);
  }

  start(seconds) {
    if (!this.audio) return;
    // At 16 kHz nothing is resampled: what is heard is what Python computed.
    this.context ??= new AudioContext({ sampleRate: SAMPLE_RATE });
    if (this.context.state === "suspended") this.context.resume();
    this.release();
    const buffer = this.bufferOf(this.version);
    const offset = this.toVersion(seconds);
    if (!buffer || offset >= buffer.duration) { this.resting = 0; this.onEnd(); return; }
    const source = this.context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.context.destination);
    source.onended = () => { if (this.source === source) { this.source = null; this.resting = 0; this.onEnd(); } };
    this.startedAt = this.context.currentTime;
    this.offset = offset;
    source.start(this.startedAt, offset);
    this.source = source;
  }

  release() {
    if (!this.source) return;
    const old = this.source;
    this.source = null;
    old.onended = null;
    old.stop();
    old.disconnect();
  }

  stop() {
    this.resting = this.position();
    this.release();
  }

  // Change something and go on at the same instant.
  change(what) {
    const seconds = this.position();
    what();
    if (this.source) this.start(seconds); else this.resting = seconds;
  }

  seek(seconds) {
    const inside = Math.min(Math.max(0, seconds), Math.max(0, this.length - 0.01));
    if (this.source) this.start(inside); else this.resting = inside;
  }

  setVersion(version) { this.change(() => { this.version = version; }); }

  // concealed: of exactly these losses; null while Python computes it, and holes are silent until then.
  setReceived(received, packetSeconds, cutsOut, concealed) {
    const same = received.length === this.received.length && received.every((bit, i) => bit === this.received[i]);
    const before = [this.packetSeconds, this.cutsOut, this.concealed];
    if (same && [packetSeconds, cutsOut, concealed].every((value, i) => value === before[i])) return;
    const swap = () => {
      Object.assign(this, { received, packetSeconds, cutsOut, concealed });
      this.kept = [];
      received.forEach((bit, packet) => { if (bit) this.kept.push(packet); });
      if (this.buffers) this.buffers = { original: this.buffers.original };
    };
    if (this.version === "original") swap(); else this.change(swap);
  }

  close() {
    this.release();
    this.context?.close();
  }
}
