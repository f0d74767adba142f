// The last seconds again: as they were said, and as the receiver made them of what arrived; switched in mid-word.

class Replay {
  constructor(onChange) {
    this.onChange = onChange;
    this.version = "received";
    this.forget();
  }

  get playing() { return Boolean(this.source); }
  get empty() { return !this.samples?.original.length; }

  forget() {
    this.release();
    this.samples = this.kept = null;
    this.resting = 0; // seconds after the beginning, while nothing plays
  }

  // received: one number for each packet, 1 where it arrived; shorter: whether the receiver cuts out the others.
  take(original, made, received, packetSeconds, shorter) {
    this.forget();
    this.samples = { original, received: made };
    this.packetSeconds = packetSeconds;
    this.kept = shorter ? [...received.keys()].filter((packet) => received[packet]) : null;
  }

  get cut() { return this.kept && this.version === "received"; }

  // From seconds of the version that sounds to seconds of what was said, and back.
  toSaid(played) {
    if (!this.cut) return played;
    const each = this.packetSeconds, index = Math.floor(played / each + 1e-9);
    return index < this.kept.length ? this.kept[index] * each + played - index * each : Infinity;
  }

  toVersion(said) {
    if (!this.cut) return said;
    const each = this.packetSeconds, packet = Math.floor(said / each + 1e-9);
    const before = this.kept.filter((one) => one < packet).length;
    return before * each + (this.kept[before] === packet ? said - packet * each : 0);
  }

  position() {
    if (!this.source) return this.resting;
    const played = this.offset + this.context.currentTime - this.startedAt;
    return Math.min(this.samples.original.length / SAMPLE_RATE, this.toSaid(played));
  }

  start(said = this.resting) {
    this.context ??= new AudioContext({ sampleRate: SAMPLE_RATE });
    this.context.resume();
    this.release();
    const samples = this.samples[this.version];
    this.offset = this.toVersion(said);
    if (this.offset * SAMPLE_RATE >= samples.length) { this.resting = 0; this.onChange(); return; }
    const buffer = this.context.createBuffer(1, samples.length, SAMPLE_RATE);
    buffer.copyToChannel(samples, 0);
    const source = this.source = this.context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.context.destination);
    source.onended = () => { if (this.source === source) { this.source = null; this.resting = 0; this.onChange(); } };
    this.startedAt = this.context.currentTime;
    source.start(0, this.offset);
  }

  stop() {
    this.resting = this.position();
    this.release();
  }

  release() {
    const old = this.source;
    this.source = null;
    old?.stop();
  }

  // The other version goes on at the same instant.
  setVersion(version) {
    const said = this.position(), goes = this.playing;
    this.release();
    this.version = version;
    this.resting = said;
    if (goes) this.start(said);
  }

  close() {
    this.release();
    this.context?.close();
  }
}
