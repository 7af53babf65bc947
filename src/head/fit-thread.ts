import { parentPort, workerData } from 'node:worker_threads';
import type { FitJob } from './fit-in-thread.ts';
import { joinParts } from './sparse.ts';
import { fitHead } from './train.ts';

// Entry of a thread that fits one head and ends.
const { parts, labels, options } = workerData as FitJob;
const fit = fitHead(joinParts(parts), labels, options);
const { coef, intercept } = fit.head;
parentPort!.postMessage(fit, [coef.buffer, intercept.buffer, fit.point.buffer] as ArrayBuffer[]);
