using Souk.Testing;

namespace Souk.Reviews.Tests;

public class PlainTextTests(TestShop shop)
{
    [Theory]
    [InlineData("Robert'); DROP TABLE reviews;--")]
    [InlineData("100% _under_ [set] \" OR \"\"=\"")]
    [InlineData("<script>alert(1)</script><img src=x onerror=alert(1)>")]
    [InlineData("&lt;b&gt; &amp; {{7*7}} ${jndi:ldap://x}")]
    [InlineData("line\r\nbreaks\tand tabs")]
    [InlineData("日本語 🦊 עברית \\u0041")]
    [InlineData("  spaces  at both ends  ")]
    public async Task Text_comes_back_as_it_went_in(string text)
    {
        var product = await shop.NewProduct();
        var (author, review) = await shop.NewReview(product, comment: text);
        review.Of("comment").ShouldBe(text);

        var moderated = await shop.Admin.Moderates(review, "approved", text);
        moderated.Of("moderation.note").ShouldBe(text);
        var read = await shop.Visitor.Sees(review);
        (read.Of("comment"), read.ContentType).ShouldBe((text, "application/json"));
        (await shop.Visitor.Get("reviews", $"/api/v1/reviews/item/{product}")).Of("data.0.comment").ShouldBe(text);
        (await shop.Admin.Post("reviews", $"{review.Path()}/reports", new { reason = "other", note = text })).Of("note").ShouldBe(text);
        (await author.Patch("reviews", review.Path(), new { comment = $"{text}!" })).Of("comment").ShouldBe($"{text}!");
    }
}
