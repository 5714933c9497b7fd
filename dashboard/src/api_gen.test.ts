import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

it('the types of the API are what its document says', () => {
  const maxBuffer = 1 << 24;
  const document = execFileSync('../bin/sage-coordinator', ['openapi'], { maxBuffer });
  const types = execFileSync('node', ['generate.mjs'], { input: document, encoding: 'utf8', maxBuffer });
  const kept = readFileSync('src/generated/api_gen.ts', 'utf8');
  expect(types === kept, 'run make generate').toBe(true);
}, 30_000);
