using Souk.Testing;

namespace Souk.Reviews.Tests;

public class FieldTests(TestShop shop)
{
    /// <summary>Field, value as JSON, and the rule that is broken.</summary>
    public static TheoryData<string, string, string> Wrong { get; } = new()
    {
        { "rating", "-1", "greater_than_equal" },
        { "rating", "6", "less_than_equal" },
        { "rating", "4.5", "int_from_float" },
        { "rating", "\"4\"", "int_type" },
        { "rating", "null", "int_type" },
        { "comment", "\"\"", "string_too_short" },
        { "comment", $"\"{new string('c', 1001)}\"", "string_too_long" },
        { "comment", "5", "string_type" },
        { "comment", "\"bell\\u0007\"", "string_control_character" },
        { "comment", "\"half \\udc00\"", "string_unicode" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    [InlineData("product_id", "\"1\"", "int_type")]
    [InlineData("product_id", "99999999999999999999", "int_parsing_size")]
    [InlineData("status", "\"approved\"", "extra_forbidden")]
    [InlineData("username", "\"admin\"", "extra_forbidden")]
    [InlineData("customer_id", "\"x\"", "extra_forbidden")]
    public async Task A_new_review_is_refused_by_the_rule_of_its_field(string field, string json, string rule)
    {
        var fields = new Dictionary<string, string> { ["product_id"] = "1", ["rating"] = "4", ["comment"] = "\"Good.\"", [field] = json };
        (await shop.Admin.Post("reviews", Requests.Reviews, $"{{{string.Join(',', fields.Select(f => $"\"{f.Key}\":{f.Value}"))}}}")).RefusesField("body", field, rule);
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    [InlineData("status", "\"approved\"", "extra_forbidden")]
    [InlineData("product_id", "2", "extra_forbidden")]
    public async Task A_change_is_refused_by_the_same_rules(string field, string json, string rule) =>
        (await shop.Admin.Send(HttpMethod.Patch, "reviews", $"{Requests.Reviews}/{Guid.Empty}", $$"""{"{{field}}": {{json}}}""", ifMatch: "*")).RefusesField("body", field, rule);

    [Theory]
    [InlineData("product_id")]
    [InlineData("rating")]
    [InlineData("comment")]
    public async Task What_is_required_is_missed(string field)
    {
        var review = new Dictionary<string, object> { ["product_id"] = 1, ["rating"] = 4, ["comment"] = "Good." };
        review.Remove(field);
        (await shop.Admin.Post("reviews", Requests.Reviews, review)).RefusesField("body", field, "missing");
    }

    [Fact]
    public async Task The_bounds_themselves_are_allowed()
    {
        var product = await shop.NewProduct();
        var (author, least) = await shop.NewReview(product, rating: 0, comment: "c");
        least["rating"].GetInt32().ShouldBe(0);
        var most = await author.Patch("reviews", least.Path(), new { rating = 5, comment = new string('c', 1000) });
        (most.Code, most["rating"].GetInt32(), most.Of("comment").Length).ShouldBe((200, 5, 1000));
    }

    [Theory]
    [InlineData("""{}""", "status", "missing")]
    [InlineData("""{"status": "hidden"}""", "status", "literal_error")]
    [InlineData("""{"status": "Approved"}""", "status", "literal_error")]
    [InlineData("""{"status": "approved", "note": ""}""", "note", "string_too_short")]
    [InlineData("""{"status": "approved", "rating": 5}""", "rating", "extra_forbidden")]
    public async Task A_judgement_has_its_rules(string body, string field, string rule) =>
        (await shop.Admin.Put("reviews", $"{Requests.Reviews}/{Guid.Empty}/moderation", body)).RefusesField("body", field, rule);

    [Theory]
    [InlineData("""{}""", "reason", "missing")]
    [InlineData("""{"reason": "boring"}""", "reason", "literal_error")]
    [InlineData("""{"reason": "spam", "note": ""}""", "note", "string_too_short")]
    [InlineData("""{"reason": "spam", "settled": true}""", "settled", "extra_forbidden")]
    public async Task A_report_has_its_rules(string body, string field, string rule) =>
        (await shop.Admin.Post("reviews", $"{Requests.Reviews}/{Guid.Empty}/reports", body)).RefusesField("body", field, rule);

    [Fact]
    public async Task Notes_have_at_most_500_characters()
    {
        var (note, review) = (new string('n', 501), $"{Requests.Reviews}/{Guid.Empty}");
        (await shop.Admin.Put("reviews", $"{review}/moderation", new { status = "flagged", note })).RefusesField("body", "note", "string_too_long");
        (await shop.Admin.Post("reviews", $"{review}/reports", new { reason = "other", note })).RefusesField("body", "note", "string_too_long");
        (await shop.Admin.Put("reviews", $"{review}/moderation", new { status = "flagged", note = note[1..] })).Refuses(404, "review_not_found");
    }
}
