// What is heard: the original and the received version, and a player that switches between them in mid-word.

// The samples of version B, equal to Python's: holes filled with silence, or cut out.
function renderReceived(audio, received, heard) {
  if (heard === "removed") {
    const kept = received.reduce((sum, bit) => sum + bit, 0);
    const out = new Float32Array(kept * FRAME_SAMPLES);
    let at = 0;
    for (let frame = 0; frame < received.length; frame++) {
      if (!received[frame]) continue;
      out.set(audio.subarray(frame * FRAME_SAMPLES, (frame + 1) * FRAME_SAMPLES), at);
      at += FRAME_SAMPLES;
    }
    return out;
  }
  const out = audio.slice();
  for (const [first, end] of lostRuns(received)) out.fill(0, first * FRAME_SAMPLES, end * FRAME_SAMPLES);
  return out;
}

class Sound {
  constructor(onEnd) {
    this.onEnd = onEnd;
    this.audio = null;
    this.received = new Uint8Array(0);
    this.heard = "silence";
    this.version = "original";
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

  get cut() { return this.version === "received" && this.heard === "removed"; }

  // In the cut version time runs over the kept frames only.
  toRecording(played) {
    if (!this.cut) return played;
    const index = Math.floor(played / FRAME_SECONDS);
    return index < this.kept.length ? this.kept[index] * FRAME_SECONDS + played - index * FRAME_SECONDS : this.length;
  }

  toVersion(seconds) {
    if (!this.cut) return seconds;
    const frame = Math.floor(seconds / FRAME_SECONDS + 1e-9);
    let before = 0;
    while (before < this.kept.length && this.kept[before] < frame) before++;
    const inside = this.kept[before] === frame ? seconds - frame * FRAME_SECONDS : 0;
    return before * FRAME_SECONDS + inside;
  }

  bufferOf(version) {
    const key = version === "original" ? version : "received";
    if (!this.buffers[key]) {
      const samples = key === "original" ? this.audio : renderReceived(this.audio, this.received, this.heard);
      if (!samples.length) return null;
      const buffer = this.context.createBuffer(1, samples.length, SAMPLE_RATE);
      buffer.copyToChannel(samples, 0);
      this.buffers[key] = buffer;
    }
    return this.buffers[key];
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

  setReceived(received, heard) {
    const before = this.cut;
    const swap = () => {
      this.received = received;
      this.heard = heard;
      this.kept = [];
      received.forEach((bit, frame) => { if (bit) this.kept.push(frame); });
      if (this.buffers) delete this.buffers.received;
    };
    if (this.version === "received" || before) this.change(swap); else swap();
  }

  close() {
    this.release();
    this.context?.close();
  }
}
