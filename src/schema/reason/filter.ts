import { comparison, defineFilter } from '../filter/filter.ts';
import { stringOperators } from '../filter/operators.ts';

export const ReasonFilter = defineFilter(
  'ReasonFilter',
  'Which reasons. What is given must all hold.',
  () => ({
    reasonId: comparison(stringOperators, 'reasonId', "Upstream's id of the reason."),
    name: comparison(stringOperators, 'name', 'Name of the reason.'),
    reasonListId: comparison(
      stringOperators,
      'reasonListId',
      "Upstream's id of the list that the reason is of.",
    ),
    listName: comparison(stringOperators, 'listName', 'Name of the list that the reason is of.'),
  }),
);
