import { join } from 'node:path';
import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { createTokenHash, type TokenHash } from '#domain';
import { connectionOf, kafkaMetrics } from '#kafka';
import { createSeal, systemRandom, systemTime, type Liveness, type Logger, type Metrics } from '#runtime';
import { followCatalog, type Catalog } from './catalog.js';
import type { IngestConfig } from './config.js';
import { ClickController } from './http/click.controller.js';
import { DirectController } from './http/direct.controller.js';
import { IngestEdge } from './http/edge.js';
import { FaultFilter } from './http/fault.filter.js';
import { PostbackController } from './http/postback.controller.js';
import { ingestPipeline } from './ingest.pipeline.js';
import { countIngest } from './metrics.js';
import { openRecording, type Recording } from './recording/recording.js';
import { limitStrangers } from './strangers.js';

export type IngestOptions = {
  config: IngestConfig;
  log: Logger;
  metrics: Metrics;
  health: Liveness;
  onFatal: (error: unknown) => void;
};

/** What ingest holds open, closed in order after the last request was answered: first what waits is
 *  sent, then the catalog is left. */
export class IngestParts implements OnApplicationShutdown {
  constructor(
    readonly catalog: Catalog,
    readonly recording: Recording,
    readonly counts: ReturnType<typeof countIngest>,
    readonly tokenHash: TokenHash,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.recording.close();
    await this.catalog.close();
    await this.counts.close();
  }
}

const openParts = async ({ config, log, metrics, health, onFatal }: IngestOptions): Promise<IngestParts> => {
  const kafka = connectionOf(config, 'carom-ingest', log);
  const ofKafka = kafkaMetrics(metrics);
  const secrets = { seal: createSeal(config.CAROM_SECRET), tokenHash: createTokenHash(config.CAROM_SECRET) };
  const snapshotPath = join(config.CAROM_DATA_DIR, 'catalog.json');
  const options = { kafka, kafkaMetrics: ofKafka, metrics, log };
  const catalog = await followCatalog({ ...options, secrets, snapshotPath, onFatal, health });
  const recording = await openRecording({ ...options, config });
  return new IngestParts(catalog, recording, countIngest(metrics, log, health), secrets.tokenHash);
};

const edgeOf = ({ config, metrics }: IngestOptions, parts: IngestParts): IngestEdge => {
  const { catalog, recording, counts, tokenHash } = parts;
  const limits = {
    clicksPerSecond: config.CAROM_UNPROVEN_PER_SECOND,
    clicksPerAddressPerSecond: config.CAROM_UNPROVEN_PER_ADDRESS_PER_SECOND,
    keptPerSecond: config.CAROM_UNAUTHORISED_KEPT_PER_SECOND,
    keptPerAddressPerMinute: config.CAROM_UNAUTHORISED_KEPT_PER_ADDRESS_PER_MINUTE,
    garbagePerAddressPerMinute: config.CAROM_UNAUTHORISED_PER_ADDRESS_PER_MINUTE,
    maxAddresses: 100_000,
  };
  const pipeline = ingestPipeline({
    catalog: catalog.current,
    record: recording.record,
    time: systemTime,
    random: systemRandom,
    secrets: config.CAROM_SECRET,
    hashesOfToken: tokenHash.all,
    publicUrl: config.CAROM_PUBLIC_URL,
    strangers: limitStrangers(limits, { time: systemTime, metrics }),
    count: counts.count,
  });
  return new IngestEdge(pipeline, config.CAROM_TRUSTED_PROXIES, config.CAROM_MAX_URL_BYTES);
};

@Module({})
export class IngestModule {
  static with(options: IngestOptions): DynamicModule {
    return {
      module: IngestModule,
      controllers: [ClickController, DirectController, PostbackController],
      providers: [
        { provide: IngestParts, useFactory: () => openParts(options) },
        { provide: IngestEdge, inject: [IngestParts], useFactory: (parts: IngestParts) => edgeOf(options, parts) },
        { provide: APP_FILTER, useClass: FaultFilter },
      ],
    };
  }
}
