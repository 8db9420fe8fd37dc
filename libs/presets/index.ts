export { applyNetworkPreset, applySourcePreset, postbackUrlOf, clickUrlOf } from './apply.js';
export { loadNetworkPresets, loadSourcePresets } from './load.js';
export { networkPreset, sourcePreset, type NetworkPreset, type SourcePreset } from './schema.js';
