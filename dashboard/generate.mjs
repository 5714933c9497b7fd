// Prints the types of the API's paths, made from the document on standard input: sage-coordinator openapi | node generate.mjs
import process from 'node:process';
import { text } from 'node:stream/consumers';
import openapiTS, { astToString } from 'openapi-typescript';

/**
 * Leaves out what the page has no use for: problems, headers, examples, words. That more members may come is no type.
 * @param {string} name
 * @param {unknown} value
 */
function used(name, value) {
  if (name === 'responses' && typeof value === 'object' && value !== null && '200' in value) {
    return { 200: value['200'] };
  }
  const words = (name === 'description' || name === 'summary') && typeof value === 'string';
  const left =
    words || name === 'example' || name === 'headers' || (name === 'additionalProperties' && value === true);
  return left ? undefined : value;
}

const document = JSON.stringify(JSON.parse(await text(process.stdin), used));
process.stdout.write(
  '// Generated from /openapi.json by openapi-typescript; do not edit: run make generate.\n\n',
);
process.stdout.write(astToString(await openapiTS(document)));
