// Which credentials and region AWS SDK for JavaScript v3 takes in each of the environments on stdin: a JSON array in, one out.
// An access key id says where its keys come from.
const { createRequire } = require("module");
const { readFileSync } = require("fs");
const sdk = createRequire(process.cwd() + "/");
const { defaultProvider } = sdk("@aws-sdk/credential-provider-node");
const { loadConfig } = sdk("@smithy/node-config-provider");
const { NODE_REGION_CONFIG_OPTIONS, NODE_REGION_CONFIG_FILE_OPTIONS } = sdk("@smithy/config-resolver");

console.warn = () => {};  // "Multiple credential sources detected"

async function taken(environ) {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, environ);
  const keys = await defaultProvider()().then(
    (found) => found.accessKeyId,
    (error) => (error.message.startsWith("Could not load credentials from any providers") ? "none" : "error"),
  );
  const region = await loadConfig(NODE_REGION_CONFIG_OPTIONS, NODE_REGION_CONFIG_FILE_OPTIONS)().catch(() => "none");
  return [keys, region];
}

(async () => {
  const all = [];
  for (const environ of JSON.parse(readFileSync(0))) all.push(await taken(environ));
  console.log(JSON.stringify(all));
})();
