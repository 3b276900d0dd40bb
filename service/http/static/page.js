"use strict";
// The report is shown in a sandboxed frame: whatever an article holds, it cannot run or read anything here.
const by = (id) => document.getElementById(id);

// All addresses are relative to the page, which a proxy may have put below a prefix of its own.

// The key is asked for only where the service wants one, and kept nowhere but in its field.
function authorised(headers) {
  const key = by("key").value.trim();
  return key ? { ...headers, Authorization: `Bearer ${key}` } : headers;
}

async function call(url, options = {}) {
  const reply = await fetch(url, { ...options, headers: authorised(options.headers || {}) });
  if (reply.ok) return reply;
  if (reply.status === 401) {
    by("key-label").hidden = false;
    if (!by("key").value.trim()) {
      by("key").focus();
      throw new Error("This service asks for an API key: type it above.");
    }
  }
  throw new Error(await reason(reply));
}

// What a proxy says of itself. Over HTTP/2 a status comes without words.
const PHRASES = { 413: "Content Too Large", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout" };

async function reason(reply) {
  try {
    const { detail } = await reply.json();
    if (typeof detail === "string") return detail;
  } catch {
    // No problem of the service's, but the page of a proxy in front: its status is what there is to know.
  }
  return `Failed: ${reply.status} ${reply.statusText || PHRASES[reply.status] || ""}`.trim() + ".";
}

// Who spoke last owns the status: what was begun earlier and ends later must not wipe or replace its words.
let owner;
function voice() {
  const own = (owner = {});
  return (text, isError) => {
    if (owner !== own) return;
    by("status").textContent = text;
    by("status").classList.toggle("error", Boolean(isError));
  };
}

// Anew each time: an attempt that failed halfway must not leave its options to be added again.
async function fill(select, url, value, label) {
  const items = await (await call(url)).json();
  const chosen = select.value;
  const detect = [...select.options].filter((option) => option.value === "auto");
  select.replaceChildren(...detect, ...items.map((item) => new Option(label(item), value(item))));
  if (chosen) select.value = chosen;
  return items;
}

async function prepare() {
  if (by("brief").options.length) return;
  const languages = await fill(by("source"), "v1/languages", (l) => l.code, (l) => l.name);
  const translated = languages.filter((l) => l.translated).map((l) => l.name);
  by("text").placeholder = `Paste an article in ${new Intl.ListFormat("en", { type: "disjunction" }).format(translated)}`;
  await fill(by("brief"), "v1/briefs", (b) => b.name, (b) => `${b.name}: ${b.title}`);
  by("brief").value = "wire";
}

async function begin() {
  const say = by("send").disabled ? () => {} : voice(); // while an article is translated the status is its own
  try {
    await prepare();
    say("");
  } catch (error) {
    say(error.message, true);
  }
}

begin();
by("key").addEventListener("change", begin); // Enter in the field is a change first, and then a submit

// A report stands below the text that it is of and no other, whose figures it would seem to have checked.
let report = null;

function show(say) {
  const own = by("text").value === report.text;
  by("report").hidden = !own;
  say(own ? report.outcome : "The article has changed since its report was made: translate it again.");
}

function clear() {
  report = null;
  by("report").hidden = true;
  by("report").srcdoc = "";
}

by("text").addEventListener("input", () => {
  // Only where it changes something: the status is read out.
  if (report && by("report").hidden === (by("text").value === report.text)) show(voice());
});

by("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const question = by("question").value.trim();
  const body = {
    text: by("text").value,
    source: by("source").value,
    brief: by("brief").value || "wire",
    questions: question ? [question] : [],
  };
  const say = voice();
  clear();
  by("send").disabled = true;
  say("Translating …");
  const begun = performance.now();
  try {
    const reply = await call("v1/articles", {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "text/html" },
      body: JSON.stringify(body),
    });
    by("report").srcdoc = await reply.text();
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    const model = reply.headers.get("X-Model") || "no model: nothing had to be translated";
    report = { text: body.text, outcome: `Done in ${seconds} s by ${model}.` };
    show(say);
  } catch (error) {
    say(error.message, true);
  } finally {
    by("send").disabled = false;
  }
});
