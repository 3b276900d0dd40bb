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
  if (reply.status === 401) by("key-label").hidden = false;
  throw new Error((await reply.json()).detail);
}

async function fill(select, url, value, label) {
  const items = await (await call(url)).json();
  for (const item of items) select.add(new Option(label(item), value(item)));
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

prepare().catch((error) => say(error.message, true));
by("key").addEventListener("change", () => prepare().then(() => say(""), (error) => say(error.message, true)));

function say(text, isError) {
  by("status").textContent = text;
  by("status").classList.toggle("error", Boolean(isError));
}

by("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const question = by("question").value.trim();
  const body = {
    text: by("text").value,
    source: by("source").value,
    brief: by("brief").value || "wire",
    questions: question ? [question] : [],
  };
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
    by("report").hidden = false;
    say(`Done in ${((performance.now() - begun) / 1000).toFixed(1)} s by ${reply.headers.get("X-Model") || "no model: nothing had to be translated"}.`);
  } catch (error) {
    say(error.message, true);
  } finally {
    by("send").disabled = false;
  }
});
