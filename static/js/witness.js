"use strict";
// The device remembers how far it has seen the record, and says so aloud should the server's past change.
{
  const EVERY = 300000; // ms
  const name = `witness.${room.page.meeting}`;
  let checkedAt = 0, due = null, sound = true;

  // SHA-256 by hand: browsers offer it only behind TLS, and this runs in halls without.
  const root = (n, power) => Math.floor((n ** (1 / power) % 1) * 2 ** 32);
  const primes = [];
  for (let n = 2; primes.length < 64; n += 1) if (primes.every((prime) => n % prime)) primes.push(n);
  const K = primes.map((prime) => root(prime, 3)), START = primes.slice(0, 8).map((prime) => root(prime, 2));
  const turn = (x, n) => (x >>> n) | (x << (32 - n));

  const sha256 = (bytes) => {
    const size = ((bytes.length + 72) >> 6) << 6;
    const padded = new Uint8Array(size);
    padded.set(bytes);
    padded[bytes.length] = 0x80;
    const view = new DataView(padded.buffer);
    view.setUint32(size - 4, bytes.length * 8);
    const h = [...START], w = new Array(64);
    for (let block = 0; block < size; block += 64) {
      for (let i = 0; i < 64; i += 1) {
        if (i < 16) { w[i] = view.getUint32(block + i * 4) | 0; continue; }
        const a = w[i - 15], b = w[i - 2];
        w[i] = (w[i - 16] + w[i - 7] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10))) | 0;
      }
      let [a, b, c, d, e, f, g, z] = h;
      for (let i = 0; i < 64; i += 1) {
        const one = (z + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
        const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        z = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
      }
      [a, b, c, d, e, f, g, z].forEach((value, i) => { h[i] = (h[i] + value) | 0; });
    }
    return h.map((value) => (value >>> 0).toString(16).padStart(8, "0")).join("");
  };

  const bytes = (hex) => Uint8Array.from(hex.match(/../g) || [], (pair) => parseInt(pair, 16));
  // head_k = SHA256(0x01 || head_{k-1} || leaf_k)
  const fold = (head, leaves) => leaves.reduce((before, leaf) => sha256(Uint8Array.of(1, ...bytes(before), ...bytes(leaf))), head);

  const alarm = (words, fill) => {
    sound = false;
    const banner = room.at("banner");
    banner.textContent = room.words(words, fill);
    banner.hidden = false;
  };

  const check = async () => {
    clearTimeout(due);
    due = null;
    const kept = room.device.get(name);
    if (!kept || !sound) return;
    checkedAt = Date.now();
    try {
      const answer = await fetch(`/m/${room.page.meeting}/proof?from=${kept.seq}`, { credentials: "same-origin", cache: "no-store" });
      if (!answer.ok) return;
      const said = await answer.json();
      if (said.head === null && said.seq < kept.seq) return alarm("set_back", { n: kept.seq, m: said.seq });
      if (said.head !== kept.head || fold(kept.head, said.leaves) !== said.now) return alarm("forged", { n: kept.seq });
      room.device.set(name, { seq: said.seq, head: said.now });
      const shown = room.at("witness");
      if (shown) shown.textContent = room.words("checked", { n: said.seq });
    } catch { /* no way through; another time */ }
  };

  // What was seen first is kept; it moves on only by a proof. `anew`: the server's past may be another one.
  const beat = ({ seq, head }, anew) => {
    const kept = room.device.get(name);
    if (!kept) {
      if (seq && head) room.device.set(name, { seq, head });
      return;
    }
    if (kept.seq === seq && kept.head !== head) return alarm("forged", { n: seq });
    if (anew || seq < kept.seq) return check();
    // A hall that reconnects at once must not ask for proofs at once.
    if (!due && Date.now() - checkedAt > EVERY) due = setTimeout(check, checkedAt ? Math.random() * 20000 : 1000 + Math.random() * 9000);
  };

  room.witness = { beat, sha256, fold };
  if (room.page.head) beat({ seq: Number(room.page.seq), head: room.page.head }, false);
}
