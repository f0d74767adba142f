// A socket of the feed (sercore.live.feed says what is spoken on it), from hello to the last word.

const BEHIND = 5; // seconds of sound that wait to be sent, after which the network is too slow for it

class Connection {
  // source: whose microphone is heard; that of the machine is heard there, and its sound comes back.
  constructor(source, hello, on) {
    this.on = on; // { waiting, begun, said, predicted, over }
    const address = new URL(`${location.pathname.replace(/\/$/, "")}/${ADDRESSES[source]}`, location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    this.socket = new WebSocket(address);
    this.socket.binaryType = "arraybuffer";
    this.socket.onopen = () => this.say({ type: "hello", version: VERSION, ...hello });
    this.socket.onmessage = ({ data }) => this.hear(data);
    this.socket.onclose = () => this.end(this.problem ?? (this.last ? null : SAY.broken));
  }

  say(message) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  // One block of 16-bit samples.
  send(block) {
    if (!this.begun || this.asked || this.socket.readyState !== WebSocket.OPEN) return false;
    if (this.socket.bufferedAmount > BEHIND * SAMPLE_RATE * 2) { this.end(SAY.slow); return false; }
    this.socket.send(block);
    return true;
  }

  hear(data) {
    if (typeof data !== "string") {
      if (this.last) this.sound = new Int16Array(data); else this.on.said(new Int16Array(data));
      return;
    }
    const message = JSON.parse(data);
    if (message.type === "hello") { this.begun = true; this.on.begun(message); }
    else if (message.type === "waiting") this.on.waiting(message.ahead);
    else if (message.type === "prediction") this.on.predicted(message);
    else if (message.type === "stopped") this.last = message;
    else if (message.type === "error") this.problem = message.message;
  }

  // Ask for what was received, and for the end.
  stop() {
    this.asked = true;
    if (this.begun) this.say({ type: "stop", replay: true }); else this.socket.close();
    setTimeout(() => this.socket.close(), 5000);
  }

  end(problem) {
    if (this.over) return;
    this.over = true;
    this.socket.close();
    this.on.over({ problem: this.asked && !this.begun ? null : problem, last: this.last, sound: this.sound });
  }
}
