using Souk.Testing;

namespace Souk.Customers.Tests.Factors;

/// <summary>Words that the tests of second factors share.</summary>
internal static class Showing
{
    /// <summary>Refused until the factor was shown again, with all that a client needs for that.</summary>
    public static void ShouldRefuseStepUp(this Answer answer)
    {
        (answer.Code, answer.ContentType).ShouldBe((403, "application/problem+json"), answer.Text);
        answer.Problem.ShouldBe("step_up_required");
        answer["step_up"].Names().ShouldBe(["method", "url", "body", "passkey_options_url", "passkey_url", "valid_for_seconds"]);
        answer["step_up.valid_for_seconds"].GetInt32().ShouldBe(300);
    }

    /// <summary>The same person with a token that says that the factor was just shown.</summary>
    public static async Task<Person> ShowsFactor(this Person person, TestShop shop, string code)
    {
        var shown = await person.Post("customers", "/api/v2/step-up", new { code });
        shown.Code.ShouldBe(200, shown.Text);
        (shown.Of("token_type"), shown["expires_in"].GetInt32(), shown["step_up_expires_in"].GetInt32()).ShouldBe(("Bearer", 900, 300));
        return new Person(shop, person.Username, shown.Of("access_token"));
    }
}
