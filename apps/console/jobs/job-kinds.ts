import { deliveryReplayJob } from '../deliveries/delivery-replay.js';
import { replayJob } from '../log/replay.controller.js';
import { conversionUploadJob } from '../uploads/uploads.controller.js';
import { exportJob } from './export.js';
import type { JobKind } from './job.js';

/** Every kind of job, by the name that its rows carry. A name once used keeps its meaning. */
export const jobKinds: Readonly<Record<string, JobKind>> = {
  'postbacks.replay': replayJob,
  'deliveries.replay': deliveryReplayJob,
  'lists.export': exportJob,
  'conversions.upload': conversionUploadJob,
};
