// Loaded into Azurite by `node --require`: three things that Azurite alone does not do.
//
// 1. Accounts come and go while it runs. Azurite reads AZURITE_ACCOUNTS once a minute from its environment; here the
//    file named by MLWS_AZURITE_ACCOUNTS (a JSON object: name -> base64 key) is read anew whenever it changed.
// 2. What was answered survives a kill -9. Azurite saves its metadata every five seconds; here a request that changes
//    something is answered only after the metadata that it touched is on disk. Requests that arrive while a save is
//    under way share the next one.
// 3. A bearer token must be signed with this home's key (the file named by MLWS_TOKEN_KEY, HS256). Azurite reads the
//    claims of a token and never checks who signed it.
"use strict";

const crypto = require("crypto");
const fs = require("fs");
const path = require("path");

const azurite = process.env.MLWS_AZURITE;
const load = (name) => require(path.join(azurite, name));

// --- accounts -------------------------------------------------------------------------------------------------------

const AccountDataStore = load("dist/src/common/AccountDataStore.js").default;
const accountsFile = process.env.MLWS_AZURITE_ACCOUNTS;
let accountsRead = "";
let accounts = {};

function currentAccounts() {
  const { mtimeMs, ino } = fs.statSync(accountsFile);
  const stamp = `${mtimeMs}/${ino}`;
  if (stamp !== accountsRead) {
    const keys = JSON.parse(fs.readFileSync(accountsFile, "utf8"));
    accounts = Object.fromEntries(
      Object.entries(keys).map(([name, key]) => [name, { name, key1: Buffer.from(key, "base64") }])
    );
    accountsRead = stamp;
  }
  return accounts;
}

AccountDataStore.prototype.getAccount = (name) => currentAccounts()[name];

// --- durability -----------------------------------------------------------------------------------------------------

const Loki = require(require.resolve("lokijs", { paths: [azurite] }));
const databases = new Set();
const configureOptions = Loki.prototype.configureOptions;

Loki.prototype.configureOptions = function (options, initialConfig) {
  databases.add(this);
  return configureOptions.call(this, { ...options, autosave: false }, initialConfig);
};

// LokiJS lets calls that arrive during a save share the next one, which is what makes this bearable under load.
function save(database) {
  if (!database.autosaveDirty() && !database.throttledSavePending) return Promise.resolve();
  return new Promise((resolve, reject) => database.saveDatabase((error) => (error ? reject(error) : resolve())));
}

function answerWhenSaved(response) {
  const end = response.end.bind(response);
  response.end = (...rest) => {
    Promise.all([...databases].map(save)).then(
      () => end(...rest),
      (error) => response.destroy(error)
    );
    return response;
  };
}

// --- tokens ---------------------------------------------------------------------------------------------------------

const tokenKey = fs.readFileSync(process.env.MLWS_TOKEN_KEY, "utf8");

function isForged(authorization) {
  if (!/^bearer /i.test(authorization)) return false;
  const [header, claims, signature] = authorization.slice("bearer ".length).trim().split(".");
  const expected = crypto.createHmac("sha256", tokenKey).update(`${header}.${claims}`).digest();
  const given = Buffer.from(signature || "", "base64url");
  return given.length !== expected.length || !crypto.timingSafeEqual(given, expected);
}

function refuse(response) {
  const message = "Server failed to authenticate the request. The token was not issued by this embedded Azure.";
  response.writeHead(401, { "Content-Type": "application/xml", "x-ms-error-code": "AuthenticationFailed" });
  response.end(`<?xml version="1.0"?><Error><Code>AuthenticationFailed</Code><Message>${message}</Message></Error>`);
}

// --- every request --------------------------------------------------------------------------------------------------

const BlobRequestListenerFactory = load("dist/src/blob/BlobRequestListenerFactory.js").default;
const createRequestListener = BlobRequestListenerFactory.prototype.createRequestListener;

BlobRequestListenerFactory.prototype.createRequestListener = function () {
  const listener = createRequestListener.call(this);
  return (request, response) => {
    if (isForged(request.headers.authorization || "")) return refuse(response);
    if (request.method !== "GET" && request.method !== "HEAD") answerWhenSaved(response);
    return listener(request, response);
  };
};
