import { activationCases, elementwiseCases, softcapCases } from './elementwise.cases.ts';
import { gatherCases } from './gather.cases.ts';
import { linearHeadCases, rotaryCases } from './language-model.cases.ts';
import { matmulCases } from './matrix.cases.ts';
import { dropoutCases, lossCases, normalizationCases, softmaxCases } from './normalization.cases.ts';
import type { MakeCase } from './op-case.ts';
import { preferenceCases } from './preference.cases.ts';
import { quantizedCases } from './quantized.cases.ts';
import { broadcastCases, reduceCases, shapeCases } from './shape.cases.ts';

/** Cases of every operator that has a gradient, by the operator's name. */
export const OP_CASES: Readonly<Record<string, readonly MakeCase[]>> = {
  ...activationCases,
  ...elementwiseCases,
  ...softcapCases,
  ...broadcastCases,
  ...reduceCases,
  ...shapeCases,
  ...matmulCases,
  ...gatherCases,
  ...normalizationCases,
  ...softmaxCases,
  ...dropoutCases,
  ...lossCases,
  ...linearHeadCases,
  ...rotaryCases,
  ...preferenceCases,
  ...quantizedCases,
};
