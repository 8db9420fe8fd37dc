/** Stops what `global-setup` started; servers that were there before stay. */
const tearDown = async (): Promise<void> => {
  await globalThis.endServers?.();
};

export default tearDown;
