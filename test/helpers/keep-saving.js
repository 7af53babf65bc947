import { readFile } from 'node:fs/promises';
import { saveModel } from '../../dist/models/save.js';

// node keep-saving.js DIR METADATA.json: saves one version of a model after the other until it is killed
const [dir, metadataFile] = process.argv.slice(2);
const metadata = JSON.parse(await readFile(metadataFile, 'utf8'));
const MEGABYTE = 2 ** 20;
for (let version = 2; ; version++) {
  const head = Buffer.alloc(8);
  head.writeFloatLE(version, 0);
  const trainingText = Buffer.alloc(MEGABYTE, `${version},`);
  await saveModel(dir, { ...metadata, temperature: version }, { 'training.csv': trainingText, 'head.bin': head });
  process.stdout.write(`${version}\n`);
}
