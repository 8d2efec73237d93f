import type { ResolvedRun } from '../../language/resolved.ts';
import type { RunManifest } from '../../protocol/run.ts';
import type { RunWriter } from '../../runs/writer.ts';
import { MetricsReporter, type ReportSink } from './metrics-reporter.ts';
import { MlflowSink } from './mlflow.ts';
import { TensorBoardSink } from './tensorboard.ts';
import { WandbSink } from './wandb.ts';

/** What writes the numbers of a run for the tools that its `report_to` names. */
export function reportTo(
  { train: { report_to: tools } }: ResolvedRun,
  manifest: RunManifest,
  writer: RunWriter,
): MetricsReporter {
  const { dir } = writer;
  const sinks: Record<'tensorboard' | 'mlflow' | 'wandb', () => ReportSink> = {
    tensorboard: () => new TensorBoardSink(dir),
    mlflow: () => new MlflowSink(dir, manifest),
    wandb: () => new WandbSink(dir, manifest),
  };
  const wanted = Object.entries(sinks).filter(([name]) => tools === 'all' || tools === name);
  return new MetricsReporter(
    writer,
    wanted.map(([, make]) => make()),
  );
}
