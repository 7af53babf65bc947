// Compiles the rules of the bundled models, so that no run has to: part of `npm run build`.
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileRules, compiledPath, RULES_FILE } from '../dist/rules/model-rules.js';

const models = fileURLToPath(new URL('.', import.meta.url));
for (const name of readdirSync(models)) {
  const dir = join(models, name);
  if (!existsSync(join(dir, RULES_FILE))) continue;
  writeFileSync(compiledPath(dir), await compileRules(join(dir, RULES_FILE)));
}
