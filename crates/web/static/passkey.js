// Asks the browser for a passkey where a form wants one, and hands its answer in with the form. Without it the form says that it needs
// scripts. Nothing here decides anything: the server checks the answer.
"use strict";
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const text = (buffer) => {
    let letters = "";
    for (const byte of new Uint8Array(buffer)) letters += String.fromCharCode(byte);
    return btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  };
  const named = (ids) => (ids || []).map((one) => ({ ...one, id: bytes(one.id) }));

  const made = async (options) => {
    const user = { ...options.user, id: bytes(options.user.id) };
    const publicKey = {
      ...options, user, challenge: bytes(options.challenge), excludeCredentials: named(options.excludeCredentials),
    };
    const credential = await navigator.credentials.create({ publicKey });
    return {
      clientDataJSON: text(credential.response.clientDataJSON),
      attestationObject: text(credential.response.attestationObject),
      of: credential,
    };
  };

  const used = async (options) => {
    const publicKey = {
      ...options, challenge: bytes(options.challenge), allowCredentials: named(options.allowCredentials),
    };
    const credential = await navigator.credentials.get({ publicKey });
    const owner = credential.response.userHandle;
    return {
      clientDataJSON: text(credential.response.clientDataJSON),
      authenticatorData: text(credential.response.authenticatorData),
      signature: text(credential.response.signature),
      userHandle: owner ? text(owner) : null,
      of: credential,
    };
  };

  const say = (form, which) => {
    for (const line of form.querySelectorAll("[data-said]")) line.hidden = line.dataset.said !== which;
  };

  const asks = async (form) => {
    if (!window.PublicKeyCredential || !navigator.credentials) return say(form, "unknown");
    say(form, "waiting");
    const asked = await fetch(form.dataset.ask, { method: "POST", headers: { accept: "application/json" } });
    // A server that says no says why on the page that the form leads to.
    if (!asked.ok || asked.redirected) return form.submit();
    const options = await asked.json();
    let answer;
    try {
      answer = await (form.dataset.passkey === "add" ? made(options) : used(options));
    } catch (why) {
      return say(form, why.name === "InvalidStateError" ? "there" : why.name === "SecurityError" ? "address" : "ended");
    }
    const { of, ...response } = answer;
    form.elements.answer.value = JSON.stringify({ id: of.id, rawId: text(of.rawId), type: of.type, response });
    form.submit();
  };

  // Before anybody else who listens: such a form is no act that a device signs.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.dataset.passkey) return;
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    asks(form)
      .catch(() => say(form, "unreached"))
      .finally(() => { button.disabled = false; });
  }, true);

  // Somebody who comes back from an issuer has pressed there already.
  for (const form of document.querySelectorAll("form[data-go-on]")) form.submit();
})();
