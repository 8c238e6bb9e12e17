import { builder } from '../builder.ts';
import { followNews } from './news.ts';
import { Mirror } from './type.ts';

builder.subscriptionField('mirror', (t) =>
  t.field({
    type: Mirror,
    nullable: false,
    description:
      'How far the feed has been read and how it is doing: now, and then whenever a watermark, the health or the filling of the past is another, twice a second at most. At least every 15 s it comes, also if nothing changed.',
    subscribe: (_root, _args, context) => followNews(context),
    resolve: (news) => news,
  }),
);
