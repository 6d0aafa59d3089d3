// Signs what forms do with a key that this browser keeps (docs/spec/devices.md, On pages). Nothing here is needed to hand a form in.
(() => {
  "use strict";
  const me = document.currentScript.dataset;
  const KEY = "Ed25519";
  const DAY_US = 86400000000;
  const MINUTES_US = 600000000;

  const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const base64 = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));

  // One record for each co-op and member: the key, its device and its turn, and the newest entry that this browser has seen.
  const opened = () => new Promise((resolve, reject) => {
    const request = indexedDB.open("rochdale", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("devices");
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const place = `${me.coop}/${me.member}`;
  // Reads the record and writes what `change` makes of it, in one transaction that all tabs share.
  const change = async (make) => {
    const base = await opened();
    try {
      return await new Promise((resolve, reject) => {
        const transaction = base.transaction("devices", "readwrite", { durability: "strict" });
        const store = transaction.objectStore("devices");
        let kept;
        store.get(place).onsuccess = (event) => {
          kept = make(event.target.result);
          if (kept) store.put(kept, place);
        };
        transaction.oncomplete = () => resolve(kept);
        transaction.onerror = transaction.onabort = () => reject(transaction.error);
      });
    } finally {
      base.close();
    }
  };
  const read = () => change((had) => had);

  const text = (value) => JSON.stringify(value);
  const statement = (act, device, turn, until) =>
    `{"statement":"rochdale/act/1","coop":${text(act.coop)},"first":"${act.first}","member":${text(act.member)},` +
    `"authority":${text(act.authority)},"device":${device},"turn":${turn},"after":${act.after},"head":"${act.head}",` +
    `"until_us":${until},"kind":${text(act.kind)},"body":${act.body},"commitments":{}}`;

  const sign = async (act) => {
    const enrols = act.kind === "enrol_device" ? JSON.parse(act.body).public : null;
    let older = false;
    let strange = false;
    let itself = false;
    const record = await change((had) => {
      if (!had) return had;
      strange = act.coop !== me.coop || act.member !== me.member || (had.first && had.first !== act.first);
      older = had.after > act.after || (had.after === act.after && had.head !== act.head);
      if (older || strange) return had;
      itself = enrols === had.public;
      const seen = { ...had, first: act.first, after: act.after, head: act.head };
      return itself ? seen : { ...seen, turn: had.turn + 1 };
    });
    if (!record || strange) throw new Error(me.notHere);
    if (older) throw new Error(me.older);
    const [device, turn] = itself ? [0, 0] : [record.device, record.turn];
    // The log's time is the server's word: it goes no further than a day beyond this browser's clock, but where all is made up.
    const now = Date.now() * 1000;
    const until = (me.madeUp ? act.now_us : Math.max(now, Math.min(act.now_us, now + DAY_US))) + MINUTES_US;
    const bytes = new TextEncoder().encode(statement(act, device, turn, until));
    const sig = base64(await crypto.subtle.sign(KEY, record.keys.privateKey, bytes));
    return `{"device":${device},"turn":${turn},"after":${act.after},"until_us":${until},"sig":"${sig}"}`;
  };

  const show = async (response) => {
    if (response.redirected) return location.assign(response.url);
    const page = await response.text();
    document.open();
    document.write(page);
    document.close();
  };

  const hand = async (form, button) => {
    const fields = new URLSearchParams(new FormData(form, button));
    const send = (headers) => fetch(form.action, { method: "POST", body: fields, headers, credentials: "same-origin" });
    const asked = await send({ "rochdale-sign": "ask" });
    if (asked.headers.get("rochdale-to-sign") !== "yes") return show(asked);
    const acts = (await asked.json()).to_sign;
    const signed = [];
    for (const act of acts) signed.push(await sign(act));
    return show(await send({ "rochdale-signed": signed.join(" ") }));
  };

  const fails = (form, why) => {
    let said = form.querySelector("[data-unsigned]");
    if (!said) {
      said = document.createElement("p");
      said.dataset.unsigned = "";
      said.className = "problem";
      said.setAttribute("role", "alert");
      form.append(said);
    }
    said.textContent = `${me.fails} ${why.message}`;
  };

  const signs = (form) =>
    form.method === "post" && form.enctype === "application/x-www-form-urlencoded" && new URL(form.action).origin === location.origin &&
    !form.matches("[data-passkey], [data-go-on]");

  const begin = async () => {
    if (!window.indexedDB || !window.crypto || !crypto.subtle) return;
    const own = document.querySelectorAll("[data-device]");
    const record = await change((had) => {
      if (!had) return had;
      const listed = Array.from(own).find((one) => one.dataset.public === had.public);
      return listed && !had.device ? { ...had, device: Number(listed.dataset.device) } : had;
    });
    own.forEach((one) => {
      if (record && one.dataset.public === record.public) one.querySelector("[data-this]").hidden = false;
    });
    enrolling(record);
    if (!record || !record.device) return;
    document.querySelectorAll("form").forEach((form) => {
      const buttons = form.querySelector(".buttons");
      if (!signs(form) || !buttons || form.matches("[data-enrol]")) return;
      const grade = document.createElement("p");
      grade.className = "hint grade";
      grade.textContent = me.signs;
      buttons.before(grade);
    });
    document.addEventListener("submit", (event) => {
      const { target: form, submitter } = event;
      const other = submitter && submitter.hasAttribute("formaction");
      if (event.defaultPrevented || other || !signs(form) || form.matches("[data-enrol]")) return;
      event.preventDefault();
      hand(form, submitter).catch((why) => fails(form, why));
    });
  };

  // The page of devices: a browser that has no key makes one when it is asked to.
  const enrolling = (record) => {
    const form = document.querySelector("form[data-enrol]");
    if (!form) return;
    const listed = record && document.querySelector(`[data-public="${record.public}"]`);
    const revoked = listed && !listed.querySelector("form");
    if (record && listed && !revoked) return;
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        const kept = record && !revoked ? record : await fresh();
        form.elements.public.value = kept.public;
        pending(kept);
        await hand(form, event.submitter);
      } catch (why) {
        fails(form, why);
      }
    });
    if (record && !revoked) pending(record);
  };

  const pending = (record) => {
    const link = document.querySelector("[data-pending-link]");
    const address = new URL(`/me/devices?add=${record.public}`, location.href);
    link.href = address.href;
    link.textContent = address.href;
    document.querySelector("[data-pending]").hidden = false;
  };

  const fresh = async () => {
    const keys = await crypto.subtle.generateKey(KEY, false, ["sign", "verify"]);
    const pub = hex(await crypto.subtle.exportKey("raw", keys.publicKey));
    return change(() => ({ keys, public: pub, device: 0, turn: 0, first: "", after: 0, head: "" }));
  };

  begin().catch(() => {});
})();
