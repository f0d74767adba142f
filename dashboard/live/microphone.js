// The visitor's microphone, and why a browser does not give it.

class Microphone {
  // Known before it is asked for; null where nothing stands in the way.
  static refusal(permission) {
    if (!globalThis.isSecureContext) return SAY.insecure.replace("{}", location.host);
    if (!navigator.mediaDevices?.getUserMedia || !globalThis.AudioWorkletNode) return SAY.too_old;
    return permission?.state === "denied" ? SAY.not_allowed : null;
  }

  // Null where a browser does not tell.
  static async permission() {
    return (await navigator.permissions?.query({ name: "microphone" }).catch(() => null)) ?? null;
  }

  // onBlock gets Int16Arrays of BLOCK samples; onEnd is told when the microphone is taken away.
  async open(onBlock, onEnd) {
    const plain = { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false };
    this.stream = await navigator.mediaDevices.getUserMedia({ audio: plain });
    if (this.closed) { this.close(); return; } // while the visitor was asked
    this.stream.getTracks()[0].addEventListener("ended", onEnd);
    this.context = new AudioContext();
    await this.context.resume();
    const script = URL.createObjectURL(new Blob([WORKLET], { type: "text/javascript" }));
    try { await this.context.audioWorklet.addModule(script); } finally { URL.revokeObjectURL(script); }
    if (this.closed) { this.close(); return; }
    const one = { numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit" };
    this.recorder = new AudioWorkletNode(this.context, "sercore-recorder", one);
    this.recorder.port.onmessage = ({ data }) => { if (!this.closed) onBlock(data); };
    this.context.createMediaStreamSource(this.stream).connect(this.recorder);
  }

  close() {
    this.closed = true;
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    if (this.context && this.context.state !== "closed") this.context.close();
  }
}

const REFUSALS = { NotAllowedError: "not_allowed", NotFoundError: "not_found", NotReadableError: "not_readable" };

function whyNoMicrophone(error) {
  return SAY[REFUSALS[error.name]] ?? `${SAY.no_microphone} (${error.message || error.name})`;
}
