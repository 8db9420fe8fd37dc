export const views = {
  open: 'Saved views',
  none: 'No saved view of this page yet.',
  saveTitle: 'Save what is shown now',
  name: 'Name of the view',
  example: 'For example “Zones this week”',
  forAll: 'Everyone of this installation sees it',
  save: 'Save this view',
  shared: 'Shared',
  sharedByMe: 'Shared by you',
  remove: (name: string) => `Delete the view ${name}`,
};
