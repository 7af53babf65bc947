"""TF-IDF and logistic regression of scikit-learn 1.9 for few-shot.js: stdin a JSON list of {train: [[text, label]], test: [text]},
stdout for each {plain: labels, strong: labels}. `plain` is scikit-learn's defaults; `strong` what a careful user would take."""
import json
import sys

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline, make_union


def plain():
    return make_pipeline(TfidfVectorizer(), LogisticRegression(max_iter=2000))


def strong():
    characters = TfidfVectorizer(analyzer='char_wb', ngram_range=(2, 5), sublinear_tf=True)
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    head = LogisticRegression(C=10, max_iter=2000, class_weight='balanced')
    return make_pipeline(make_union(characters, words), head)


def predict(task):
    texts, labels = zip(*task['train'])
    return {make.__name__: list(make().fit(texts, labels).predict(task['test'])) for make in (plain, strong)}


json.dump([predict(task) for task in json.load(sys.stdin)], sys.stdout)
