// Imported first: graphql looks once, when it is loaded, and checks every instance at length unless told so.
process.env['NODE_ENV'] ??= 'production';
