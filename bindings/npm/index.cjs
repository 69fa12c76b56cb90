"use strict";
const { Core } = require("./dist/node.cjs");

const { apply, check, explain, rewrite, rewriteAll } = require("./face.cjs")(Core);

module.exports = { apply, check, explain, rewrite, rewriteAll };
